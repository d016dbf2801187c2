import { appendFileSync, existsSync } from 'node:fs';
import { basename } from 'node:path';
import { gzipSync } from 'node:zlib';
import { afterAll, beforeAll, describe, expect, test } from 'vitest';
import { ingestFiles } from './ingest-files.ts';
import type { StoreSink } from './open-sink.ts';
import { header, lines, ScratchStore } from './test-doubles/scratch-store.ts';

let scratch: ScratchStore;
let sink: StoreSink;

beforeAll(async () => {
  scratch = await ScratchStore.open();
  sink = scratch.openSink();
});

afterAll(() => scratch?.close());

const ingest = (paths: string | string[]) => {
  const { store, spoolDirectory } = scratch;
  return ingestFiles(store, [paths].flat(), { spoolDirectory });
};

const utf16le = (text: string, mark = '\uFEFF') => Buffer.from(mark + text, 'utf16le');
const utf16be = (text: string, mark = '\uFEFF') => utf16le(text, mark).swap16();
const gzips = (bytes: Buffer | string, times: number): Buffer =>
  times === 0 ? Buffer.from(bytes) : gzipSync(gzips(bytes, times - 1));
const mixed = (text: string) => {
  let count = 0;
  return text.replaceAll('\n', () => ['\n', '\r\n', '\r'][count++ % 3] as string);
};

const access = header + lines(9, 'packed');
const combined = Array.from(
  { length: 9 },
  (_, n) => `203.0.113.${n} - - [01/Mar/2026:12:00:0${n} +0000] "GET /packed/${n} HTTP/1.1" 200 5 "-" "curl/8.0"\n`,
).join('');
const objects = Array.from(
  { length: 9 },
  (_, n) => `{"time":"2026-03-01T12:00:0${n}Z","level":"info","msg":"größe €${n}"}\n`,
).join('');

const packings: Readonly<Record<string, (text: string) => Buffer>> = {
  'UTF-16LE with a mark': (text) => utf16le(text),
  'UTF-16BE with a mark': (text) => utf16be(text),
  'UTF-16LE without a mark': (text) => utf16le(text, ''),
  'UTF-16BE without a mark': (text) => utf16be(text, ''),
  'UTF-16LE with CRLF, in gzip': (text) => gzipSync(utf16le(text.replaceAll('\n', '\r\n'))),
  'UTF-8 with a mark, in gzip of gzip': (text) => gzips(`\uFEFF${text}`, 2),
  'gzip of gzip': (text) => gzips(text, 2),
  'gzip of gzip of gzip': (text) => gzips(text, 3),
  'gzip members of gzip': (text) => Buffer.concat([gzips(text.slice(0, 300), 1), gzips(text.slice(300), 1)]),
  'carriage returns alone': (text) => Buffer.from(text.replaceAll('\n', '\r')),
  'carriage returns alone, the last line without one': (text) => Buffer.from(text.trimEnd().replaceAll('\n', '\r')),
  'mixed line ends': (text) => Buffer.from(mixed(text)),
  'carriage returns in UTF-16BE': (text) => utf16be(text.replaceAll('\n', '\r')),
};

test.each([
  ['a header', access, 'requests', 2],
  ['a pattern', combined, 'requests', 0],
  ['JSON', objects, 'logs', 0],
])(
  'lines with %s are read, however they are packed, from files and from objects',
  async (kind, text, table, comments) => {
    const folder = scratch.folder();
    const paths = Object.entries(packings).map(([name, pack]) => scratch.file(`${name}.log`, pack(text), folder));
    expect(await ingest(paths)).toMatchObject({ failed: [], files: paths.length, rejected: 0 });
    expect(await ingest(paths)).toMatchObject({ failed: [], known: paths.length });
    const objects = paths.map((path) => ({
      origin: `s3:/${path}`,
      version: '1',
      content: { kind: 'file', path } as const,
      context: { filename: path.replace('.log', '.object') },
    }));
    await sink.store(objects);
    const value = table === 'logs' ? 'message' : 'path';
    const stored = await scratch.store.engine.rows<{ name: string; values: string[] }>({
      sql: `SELECT filename AS name, arraySort(groupArray(${value})) AS values FROM ${table} GROUP BY name`,
    });
    const values = Array.from({ length: 9 }, (_, n) => (kind === 'JSON' ? `größe €${n}` : `/packed/${n}`));
    for (const name of [...paths.map((path) => basename(path)), ...objects.map(({ context }) => context.filename)]) {
      expect(stored.find((one) => one.name === name)?.values, name).toEqual(
        kind === 'a pattern' ? expect.arrayContaining(values) : values,
      );
    }
    const books = await scratch.store.engine.rows({
      sql: `SELECT DISTINCT lines, rows, comments FROM ledger WHERE batch > {before:UInt64}`,
      params: { before: '0' },
    });
    expect(books).toContainEqual({ lines: 9 + comments, rows: 9, comments });
    expect(existsSync(scratch.spoolDirectory)).toBe(false);
  },
);

describe.each<[string, (text: string) => Buffer]>([
  ['UTF-16', (text) => utf16le(text, '')],
  ['carriage returns', (text) => Buffer.from(text.replaceAll('\n', '\r'))],
])('a file in %s that grew is taken up where it ended', (name, pack) => {
  test.each([0, 5])('%d bytes before the end of a line', async (missing) => {
    const all = pack(combined);
    const end = pack(combined.slice(0, combined.indexOf('\n', 400) + 1)).length - missing;
    const path = scratch.file(`${name}.log`, all.subarray(0, end));
    await ingest(path);
    appendFileSync(path, all.subarray(end));
    // The former partial line is read again as a whole.
    const again = missing === 0 ? 0 : 1;
    const { failed } = await ingest(path);
    expect(failed).toEqual([]);
    const stored = await scratch.ledgerOf(path);
    expect(stored.reduce((sum, { lines: received = 0 }) => sum + received, 0)).toBe(9 + again);
    const [row] = await scratch.store.engine.rows<{ paths: number }>({
      sql: `SELECT uniqExact(path) AS paths FROM requests
            WHERE batch IN (SELECT batch FROM ledger WHERE origin = {path:String})`,
      params: { path },
    });
    expect(row?.paths).toBe(9);
  });
});

test('what later lines of a file end in does not move those that are stored', async () => {
  const path = scratch.file('later.log', combined.replaceAll('\n', '\r'));
  await ingest(path);
  appendFileSync(path, combined.replaceAll('/packed/', '/more/').repeat(10));
  await ingest(path);
  const [row] = await scratch.store.engine.rows<{ paths: number }>({
    sql: `SELECT uniqExact(path) AS paths FROM requests
          WHERE batch IN (SELECT batch FROM ledger WHERE origin = {path:String})`,
    params: { path },
  });
  expect(row?.paths).toBe(18);
});

test('one carriage return within a value is part of it', async () => {
  const path = scratch.file('value.log', combined.replace('/packed/4', '/packed/4\rx'));
  expect(await ingest(path)).toMatchObject({ lines: 9 });
});

test.each([
  ['gzip within gzip too often', gzips(access, 4), /gzip within gzip, more than 3 times/],
  ['zstd within gzip', gzipSync(Buffer.from('28b52ffd00000000', 'hex')), /compressed with zstd within gzip/],
  ['a bomb', gzips(Buffer.alloc(300 * 1024 ** 2, combined), 2), /more than \d+ bytes/],
])('%s is refused, and says why', async (_, bytes, problem) => {
  const path = scratch.file('refused.gz', bytes);
  expect(await ingest(path)).toMatchObject({ lines: 0, failed: [{ problem: expect.stringMatching(problem) }] });
  expect(await scratch.ledgerOf(path)).toEqual([]);
});

test('damage within is damage', async () => {
  const path = scratch.file('damaged.gz', gzipSync(gzips(access.repeat(50), 1).subarray(0, -200)));
  expect(await ingest(path)).toMatchObject({ failed: [{ problem: expect.stringContaining('damaged') }] });
});
