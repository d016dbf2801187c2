import { mkdtempSync, rmSync, writeFileSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { gzipSync } from 'node:zlib';
import fc from 'fast-check';
import { afterAll, beforeAll, expect, test } from 'vitest';
import type { InputFile } from '../engine.ts';
import { frameLines } from './frame-lines.ts';

let directory: string;
beforeAll(() => {
  directory = mkdtempSync(join(tmpdir(), 'tailrace-frames-'));
});
afterAll(() => rmSync(directory, { recursive: true, force: true }));

/** Reads the frames back: `[object, line number, bytes]` of each row. */
async function readFrames(files: readonly InputFile[]): Promise<[number, number, string][]> {
  const chunks: Buffer[] = [];
  for await (const chunk of frameLines(files)) chunks.push(chunk);
  const bytes = Buffer.concat(chunks);
  const rows: [number, number, string][] = [];
  for (let at = 0; at < bytes.length; ) {
    const object = bytes.readUInt32LE(at);
    const lineNumber = Number(bytes.readBigUInt64LE(at + 4));
    at += 12;
    let length = 0;
    for (let shift = 1; ; shift *= 0x80) {
      const byte = bytes.readUInt8(at++);
      length += (byte & 0x7f) * shift;
      if (byte < 0x80) break;
    }
    rows.push([object, lineNumber, bytes.toString('latin1', at, at + length)]);
    at += length;
  }
  return rows;
}

function splitLines(bytes: Buffer): string[] {
  const lines = bytes.toString('latin1').split('\n');
  if (lines.at(-1) === '') lines.pop();
  return lines;
}

test('any bytes, any sizes: every line once, with its file and number', async () => {
  const line = fc.oneof(
    fc.uint8Array({ maxLength: 50 }).map((bytes) => Buffer.from(bytes)),
    fc.integer({ min: 100, max: 400_000 }).map((length) => Buffer.alloc(length, 'x')),
  );
  const content = fc
    .array(line, { maxLength: 8 })
    .map((lines) => Buffer.concat(lines.flatMap((l) => [l, Buffer.from('\n')])));
  const input = fc.record({ content, gzip: fc.boolean(), cut: fc.boolean() });
  await fc.assert(
    fc.asyncProperty(fc.array(input, { maxLength: 4 }), async (inputs) => {
      const contents = inputs.map(({ content, cut }) => (cut ? content.subarray(0, -1) : content));
      const files = contents.map((bytes, index) => {
        const gzip = inputs[index]?.gzip ?? false;
        const path = join(directory, `${index}`);
        writeFileSync(path, gzip ? gzipSync(bytes, { level: 1 }) : bytes);
        return { path, gzip, bytes: bytes.length };
      });
      const expected = contents.flatMap((bytes, index) => splitLines(bytes).map((l, n) => [index + 1, n, l]));
      // One comparison of long texts; a deep one would take minutes.
      expect(JSON.stringify(await readFrames(files)) === JSON.stringify(expected)).toBe(true);
    }),
    { numRuns: 40 },
  );
});

test('a line longer than the buffer', async () => {
  const path = join(directory, 'long');
  writeFileSync(path, `a\n${'y'.repeat(5_000_000)}\nb`);
  const rows = await readFrames([{ path, gzip: false, bytes: 5_000_004 }]);
  expect(rows.map(([object, n, bytes]) => [object, n, bytes.length])).toEqual([
    [1, 0, 1],
    [1, 1, 5_000_000],
    [1, 2, 1],
  ]);
});

test('a line is not held without bound', async () => {
  const path = join(directory, 'endless');
  writeFileSync(path, gzipSync(Buffer.concat([Buffer.from('a\n'), Buffer.alloc(70_000_000, 'z')]), { level: 1 }));
  const reading = readFrames([{ path, gzip: true, bytes: 70_000 }]);
  await expect(reading).rejects.toMatchObject({ code: 'TAILRACE_QUERY_LIMIT', object: 1 });
});
