import { crc32, gunzipSync } from 'node:zlib';
import fc from 'fast-check';
import { expect, test } from 'vitest';
import { joinCrc32 } from './crc32-join.ts';
import { compressPart, createGzipTrailer, gzipHeader } from './gzip-parts.ts';

const bytes = fc.uint8Array({ maxLength: 300 }).map((array) => Buffer.from(array));

test('the checksum of two pieces is the checksum of their bytes', () => {
  fc.assert(
    fc.property(bytes, bytes, (first, second) => {
      expect(joinCrc32(crc32(first), crc32(second), second.length)).toBe(crc32(Buffer.concat([first, second])));
    }),
  );
});

test('parts that were compressed separately are one valid gzip member', () => {
  fc.assert(
    fc.property(fc.array(bytes, { maxLength: 6 }), (pieces) => {
      const trailer = createGzipTrailer();
      const parts = pieces.map(compressPart);
      for (const part of parts) trailer.add(part);
      const member = Buffer.concat([gzipHeader, ...parts.map((part) => part.deflated), trailer.end()]);
      expect(gunzipSync(member)).toEqual(Buffer.concat(pieces));
    }),
  );
});
