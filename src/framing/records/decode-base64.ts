const padding = 0x3d;

/** Byte of the alphabet → its six bits; 255 for others. Both alphabets of RFC 4648. */
const sextets = new Uint8Array(256).fill(255);
for (const [index, character] of [...'ABCDEFGHIJKLMNOPQRSTUVWXYZabcdefghijklmnopqrstuvwxyz0123456789+/'].entries()) {
  sextets[character.charCodeAt(0)] = index;
}
sextets['-'.charCodeAt(0)] = 62;
sextets['_'.charCodeAt(0)] = 63;

/**
 * Decodes base64 in place: the output is shorter than the input, so nothing is allocated.
 *
 * @returns a view of the beginning of `bytes`; undefined, with `bytes` unchanged, when they are not base64
 */
export function decodeBase64InPlace(bytes: Uint8Array): Uint8Array | undefined {
  const end = withoutPadding(bytes);
  if (end === undefined) return undefined;
  for (let at = 0; at < end; at++) if (sextets[bytes[at] as number] === 255) return undefined;
  const bitsOf = (at: number): number => (at < end ? (sextets[bytes[at] as number] as number) : 0);
  let out = 0;
  for (let at = 0; at < end; at += 4) {
    const group = (bitsOf(at) << 18) | (bitsOf(at + 1) << 12) | (bitsOf(at + 2) << 6) | bitsOf(at + 3);
    bytes[out++] = group >> 16;
    bytes[out++] = (group >> 8) & 255;
    bytes[out++] = group & 255;
  }
  return bytes.subarray(0, Math.floor((end * 3) / 4));
}

/** End of the digits; padding is optional but must be correct if present. */
function withoutPadding(bytes: Uint8Array): number | undefined {
  let end = bytes.length;
  while (end > 0 && bytes.length - end < 2 && bytes[end - 1] === padding) end--;
  const isPadded = end < bytes.length;
  return end % 4 === 1 || (isPadded && bytes.length % 4 !== 0) ? undefined : end;
}
