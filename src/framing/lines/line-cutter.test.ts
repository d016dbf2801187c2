import { randomBytes } from 'node:crypto';
import fc from 'fast-check';
import { expect, test } from 'vitest';
import { maxLineBytes } from '../../schema/line-bound.ts';
import { cutLines, LineCutter } from './line-cutter.ts';

test('lines come through whole, and too long ones one byte too long, whatever the chunks', () => {
  const lengths = [0, 1, 100, maxLineBytes - 1, maxLineBytes, maxLineBytes + 1, maxLineBytes + 2, 2 * maxLineBytes + 7];
  fc.assert(
    fc.property(
      fc.array(fc.constantFrom(...lengths), { maxLength: 6 }),
      fc.array(fc.integer({ min: 1, max: 3 * maxLineBytes }), { minLength: 1, maxLength: 4 }),
      fc.boolean(),
      (lines, sizes, endsWithNewline) => {
        const text = lines.map((length, index) => String.fromCharCode(97 + index).repeat(length)).join('\n');
        const bytes = Buffer.from(endsWithNewline ? `${text}\n` : text);
        const chunks: Uint8Array[] = [];
        for (let at = 0, turn = 0; at < bytes.length; turn++) {
          const size = sizes[turn % sizes.length] as number;
          chunks.push(bytes.subarray(at, at + size));
          at += size;
        }
        const expected = String(bytes)
          .split('\n')
          .map((line) => line.slice(0, maxLineBytes + 1))
          .join('\n');
        expect(Buffer.concat(cutLines(chunks)).equals(Buffer.from(expected))).toBe(true);
      },
    ),
    { numRuns: 60 },
  );
});

test('nothing is copied, and a line without an end costs no memory', () => {
  const cutter = new LineCutter();
  const chunk = randomBytes(64 * 1024).map((byte) => byte | 0x80);
  let bytes = 0;
  for (let count = 0; count < 10_000; count++) for (const part of cutter.push(chunk)) bytes += part.length;
  expect(bytes).toBe(maxLineBytes + 1);
  expect(cutter.hasCut).toBe(true);
  expect(cutLines([chunk])[0]).toBe(chunk);
});
