import { gzipSync } from 'node:zlib';

/** Gzip whose header tells neither time nor operating system: equal content gives equal bytes on one version of Node. */
export function gzip(content: Buffer): Buffer {
  const bytes = gzipSync(content, { level: 9 });
  bytes.writeUInt32LE(0, mtimeOffset);
  bytes[systemOffset] = unknownSystem;
  return bytes;
}

/** https://www.rfc-editor.org/rfc/rfc1952#section-2.3 */
const mtimeOffset = 4;
const systemOffset = 9;
const unknownSystem = 255;
