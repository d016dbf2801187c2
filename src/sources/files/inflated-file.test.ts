import { mkdtempSync, rmSync, writeFileSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { gzipSync } from 'node:zlib';
import fc from 'fast-check';
import { afterAll, beforeAll, expect, test } from 'vitest';
import { InflatedFile } from './inflated-file.ts';
import { OpenFile } from './open-file.ts';

let folder: string;

beforeAll(() => {
  folder = mkdtempSync(join(tmpdir(), 'tailrace-inflated-'));
});

afterAll(() => rmSync(folder, { recursive: true, force: true }));

const content = Buffer.from(Array.from({ length: 60_000 }, (_, n) => `line ${n * 7919}\n`).join(''));

async function open(bytes: Uint8Array) {
  const path = join(folder, 'file.gz');
  writeFileSync(path, bytes);
  return new InflatedFile(await OpenFile.open(path), content.length);
}

test('reads what is there at any offset, in any order', async () => {
  const offset = fc.nat(content.length + 10);
  await fc.assert(
    fc.asyncProperty(fc.array(fc.tuple(offset, fc.nat(300_000)), { maxLength: 8 }), async (reads) => {
      const file = await open(gzipSync(content));
      for (const [from, length] of reads) {
        const read = await file.read(from, length);
        expect(read.equals(content.subarray(from, from + length))).toBe(true);
      }
      await file.close();
    }),
    { numRuns: 30 },
  );
});

test('of a damaged file there is only its beginning', async () => {
  const file = await open(gzipSync(content).subarray(0, 20_000));
  const read = await file.read(0, content.length);
  expect(read.length).toBeGreaterThan(0);
  expect(content.subarray(0, read.length).equals(read)).toBe(true);
  expect((await file.read(content.length - 10, 10)).length).toBe(0);
  await file.close();
});
