import { gzipSync } from 'node:zlib';
import fc from 'fast-check';
import { expect, test } from 'vitest';
import { charsetOf } from './charset.ts';
import { ReturnReplacer } from './line-ends.ts';
import { unpackLines, unpackStream } from './unpack-lines.ts';
import { describeUnpacking, readHead } from './unpacking.ts';

async function* inPieces(bytes: Uint8Array, size: number): AsyncGenerator<Uint8Array> {
  for (let at = 0; at < bytes.length; at += size) yield bytes.subarray(at, at + size);
}

async function all(pieces: AsyncIterable<Uint8Array>): Promise<string> {
  const read: Uint8Array[] = [];
  for await (const piece of pieces) read.push(piece);
  return Buffer.concat(read).toString();
}

/** Like Python's universal newlines, except that carriage returns before a newline are kept. */
const replaced = (text: string) => text.replace(/\r+(?![\r\n])/g, (run) => '\n'.repeat(run.length));

test('any cut into chunks replaces the same carriage returns', () => {
  const text = fc.string({ unit: fc.constantFrom('a', '\r', '\n') });
  fc.assert(
    fc.property(text, fc.integer({ min: 1, max: 5 }), (written, size) => {
      const replacer = new ReturnReplacer();
      const parts = written.match(new RegExp(`[^]{1,${size}}`, 'g')) ?? [];
      const made = parts.map((part) => String(replacer.push(Buffer.from(part)))).join('') + String(replacer.end());
      expect(made).toBe(replaced(written));
    }),
  );
});

test('any text comes back out of any packing, in any pieces', async () => {
  const text = fc.array(
    fc.string({ unit: 'grapheme', minLength: 20 }).map((line) => line.replace(/[\r\n\0\uFEFF]/g, '')),
  );
  const charset = fc.constantFrom('utf-8', 'utf-16le', 'utf-16be');
  await fc.assert(
    fc.asyncProperty(text, charset, fc.nat(3), fc.integer({ min: 1, max: 99 }), async (lines, wanted, times, size) => {
      const written = lines.join('\n');
      const utf16 = Buffer.from(`\uFEFF${written}`, 'utf16le');
      let bytes = wanted === 'utf-8' ? Buffer.from(written) : wanted === 'utf-16le' ? utf16 : utf16.swap16();
      for (let left = times; left > 0; left--) bytes = gzipSync(bytes);
      const { unpacking, sample } = readHead(bytes);
      expect(written.startsWith(sample.toString())).toBe(true);
      expect(await all(unpackLines(inPieces(bytes, size), unpacking, 1e9))).toBe(written);
      expect(await all(unpackStream(inPieces(bytes, size), { leastBytes: 64, maxBytes: 1e9 }))).toBe(written);
    }),
    { numRuns: 50 },
  );
});

test('UTF-16 without a mark shows in its ASCII characters; zeros alone are no sign of it', () => {
  expect(charsetOf(Buffer.from('2026-03-01 ü hello', 'utf16le'))).toBe('utf-16le');
  expect(charsetOf(Buffer.from('2026-03-01 ü hello', 'utf16le').swap16())).toBe('utf-16be');
  expect(charsetOf(Buffer.from('2026-03-01 hello\0\0\0\0 torn'))).toBe('utf-8');
  expect(charsetOf(Buffer.alloc(100))).toBe('utf-8');
});

test('fails in no other way than a reader expects, whatever the bytes', () => {
  fc.assert(fc.property(fc.uint8Array(), (bytes) => void readHead(Buffer.from([0x1f, 0x8b, 8, ...bytes]))));
});

test('says in words what it is', () => {
  expect(describeUnpacking(readHead(gzipSync(gzipSync('a\rb\r'))).unpacking)).toBe(
    ', gzip of gzip, lines that end in carriage returns',
  );
});
