import type { LineWriter } from './line-writer.ts';
import type { Random } from './random.ts';

const alphabet = Buffer.from('ABCDEFGHIJKLMNOPQRSTUVWXYZabcdefghijklmnopqrstuvwxyz0123456789-_');
const equalsSign = 0x3d;
const tab = 9;

/**
 * Writes an `x-edge-request-id` and the tab after it: 54 random characters of the URL-safe base64 alphabet and `==`.
 * It does not compress, in reality and here.
 */
export function writeRequestId(random: Random, out: LineWriter): void {
  const { bytes, position } = out;
  let place = position;
  for (let draw = 0; draw < 11; draw++) {
    let bits = random.int32();
    for (let character = 0; character < 5; character++) {
      // The eleventh draw writes one character too many; the signs below overwrite it.
      bytes[place++] = alphabet[bits & 63] as number;
      bits >>>= 6;
    }
  }
  bytes[position + 54] = equalsSign;
  bytes[position + 55] = equalsSign;
  bytes[position + 56] = tab;
  out.position = position + 57;
}
