/**
 * Encodes a header or URL as CloudFront writes it into a log: bytes up to 0x20 and from 0x7F on, and these printable
 * characters, become `%XX`. A `%` that the viewer sent is encoded as well, so `%20` in a URL is logged as `%2520`.
 * Source: Amazon CloudFront Developer Guide, "Standard log file fields".
 */
export function encodeForLog(value: string): string {
  let encoded = '';
  for (const byte of Buffer.from(value, 'utf8')) {
    const isPlain = byte > 0x20 && byte < 0x7f && !reserved.has(byte);
    encoded += isPlain ? String.fromCharCode(byte) : `%${byte.toString(16).toUpperCase().padStart(2, '0')}`;
  }
  return encoded === '' ? '-' : encoded;
}

const reserved = new Set(Buffer.from('<>"#%{}|\\^~[]`\''));
