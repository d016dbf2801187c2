import { mkdtempSync, rmSync, writeFileSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { gzipSync } from 'node:zlib';
import { afterAll, beforeAll, expect, test } from 'vitest';
import { inspectFile } from '../../framing/files/inspect-file.ts';
import type { Engine, InputFile } from '../engine.ts';
import { openEmbedded } from './open-embedded.ts';

let directory: string;
let engine: Engine;
beforeAll(async () => {
  directory = mkdtempSync(join(tmpdir(), 'tailrace-joined-'));
  const limits = { maxSeconds: 5, maxMemoryBytes: 1e9, maxResultRows: 1000 };
  engine = await openEmbedded(join(directory, 'store'), { limits, readable: [directory] });
  await engine.run({
    sql: 'CREATE TABLE found (object UInt32, line_number UInt64, line String) ENGINE = MergeTree ORDER BY object',
  });
});
afterAll(async () => {
  await engine.close();
  rmSync(directory, { recursive: true, force: true });
});

/** Files without a newline at their end, without a line, of one empty line, and with carriage returns. */
const contents = ['a\nb\n', 'c\nd', '', '', '\n', 'e\r\nf\r\n', '\n\n', 'g', '\uFEFFh\n', 'i\n'.repeat(300), '', ''];

test.each([
  { what: 'gzip', gzip: true },
  { what: 'plain lines', gzip: false },
])('small files of $what are the same lines whether they are joined or not', async ({ gzip }) => {
  const files = contents.map((content, index) => written(`${gzip}-${index}`, gzip ? gzipSync(content) : content, gzip));
  expect(files.map(({ lines }) => lines?.count)).toEqual([2, 2, 0, 0, 1, 2, 2, 1, 1, 300, 0, 0]);
  const joined = await linesOf(files);
  expect(joined).toEqual(await linesOf(files.map(({ lines: _, ...file }) => file)));
  expect(joined).toHaveLength(311);
  expect(joined.slice(2, 4)).toEqual([
    [2, 0, 'c'],
    [2, 1, 'd'],
  ]);
});

test('files of several members are joined', async () => {
  const members = Buffer.concat([gzipSync('a\n'), gzipSync('b\nc')]);
  const files = Array.from({ length: 10 }, (_, index) => written(`members-${index}`, members, true));
  expect(await linesOf(files)).toHaveLength(30);
});

test('files without lines are no lines', async () => {
  expect(await linesOf(Array.from({ length: 10 }, (_, index) => written(`none-${index}`, '', false)))).toEqual([]);
});

test.each([
  ['cut off', (gzip: Buffer) => gzip.subarray(0, -5)],
  ['followed by zeros', (gzip: Buffer) => Buffer.concat([gzip, Buffer.alloc(8)])],
  ['with a wrong checksum', (gzip: Buffer) => Buffer.from(gzip).fill(1, gzip.length - 8, gzip.length - 4)],
])('a gzip that is %s is not counted', (_, damage) => {
  expect(written('damaged', damage(gzipSync('a\nb\n')), true).lines).toBeUndefined();
});

test('a file that changed since it was counted is named', async () => {
  const files = contents.map((content, index) => written(`changed-${index}`, content, false));
  writeFileSync(files[5]?.path ?? '', 'another\n');
  await expect(linesOf(files)).rejects.toMatchObject({ code: 'TAILRACE_INPUT_UNREADABLE', object: 6 });
});

function written(name: string, content: Buffer | string, gzip: boolean): InputFile {
  const path = join(directory, name);
  writeFileSync(path, content);
  const { bytes, lines } = inspectFile(path);
  return { path, gzip, bytes, ...(lines ? { lines } : {}) };
}

async function linesOf(files: readonly InputFile[]): Promise<unknown[]> {
  await engine.run({ sql: 'TRUNCATE TABLE found' });
  await engine.insertFrom({ kind: 'lines', files }, (source) => ({
    sql: `INSERT INTO found SELECT object, line_number, line FROM ${source}`,
  }));
  const rows = await engine.rows<Record<'object' | 'line_number' | 'line', unknown>>({
    sql: 'SELECT * FROM found ORDER BY object, line_number',
  });
  return rows.map(({ object, line_number, line }) => [object, line_number, line]);
}
