import { execFileSync } from 'node:child_process';
import { appendFileSync, mkdirSync, symlinkSync, writeFileSync } from 'node:fs';
import { join } from 'node:path';
import { gzipSync } from 'node:zlib';
import { afterAll, beforeAll, describe, expect, test } from 'vitest';
import { expandPaths } from '../sources/files/expand-paths.ts';
import type { Store } from '../store/open-store.ts';
import { ingestFiles } from './ingest-files.ts';
import { header, lines, ScratchStore } from './test-doubles/scratch-store.ts';

let scratch: ScratchStore;
let store: Store;
const folder = () => scratch.folder();
const file: ScratchStore['file'] = (...args) => scratch.file(...args);
const storedRows = (path: string) => scratch.storedRows(path);
const ledgerOf = (path: string) => scratch.ledgerOf(path);

beforeAll(async () => {
  scratch = await ScratchStore.open();
  ({ store } = scratch);
});

afterAll(() => scratch?.close());

describe('each file exactly once', () => {
  test('the same file again adds nothing and says so', async () => {
    const path = file('same.log', header + lines(5));
    const first = await ingestFiles(store, [path]);
    const again = await ingestFiles(store, [path]);
    expect(first).toMatchObject({ files: 1, known: 0, lines: 7, rows: 5, comments: 2 });
    expect(again).toMatchObject({ files: 0, known: 1, lines: 0, rows: 0 });
    expect(await storedRows(path)).toBe(5);
  });

  test('a plain file that grew is taken up where it ended', async () => {
    const path = file('grows.log', header + lines(3));
    await ingestFiles(store, [path]);
    appendFileSync(path, lines(4, 'later'));
    expect(await ingestFiles(store, [path])).toMatchObject({ files: 1, lines: 4, rows: 4, comments: 0 });
    expect(await storedRows(path)).toBe(7);
    expect(await ledgerOf(path)).toMatchObject([
      { from_line: 0, lines: 5 },
      { from_line: 5, lines: 4 },
    ]);
    expect(await ingestFiles(store, [path])).toMatchObject({ files: 0, known: 1 });
  });

  test('a file of lists that grew is refused, and what was stored of it stays', async () => {
    const record = { eventVersion: '1.11', eventSource: 's3.amazonaws.com', eventName: 'GetObject' };
    const list = (second: number) =>
      `${JSON.stringify({ Records: [0, 1].map((n) => ({ ...record, eventTime: `2026-01-01T00:0${n}:0${second}Z` })) })}\n`;
    const path = file('trail.json', list(1));
    expect(await ingestFiles(store, [path])).toMatchObject({ files: 1, lines: 2, rows: 2 });
    appendFileSync(path, list(2));
    expect(await ingestFiles(store, [path])).toMatchObject({
      files: 0,
      failed: [{ path, problem: expect.stringContaining('it grew since it was stored') }],
    });
    const [{ stored } = { stored: 0 }] = await store.engine.rows<{ stored: number }>({
      sql: "SELECT count() AS stored FROM logs WHERE filename = 'trail.json'",
    });
    expect(stored).toBe(2);
  });

  test('a gzip that grew by a member is taken up where it ended', async () => {
    const path = file('grows.log.gz', gzipSync(header + lines(3)));
    await ingestFiles(store, [path]);
    appendFileSync(path, gzipSync(header + lines(2, 'member')));
    expect(await ingestFiles(store, [path])).toMatchObject({ files: 1, lines: 4, rows: 2, comments: 2 });
    expect(await storedRows(path)).toBe(5);
  });

  test('what is appended is read by the last header above it, not by the first', async () => {
    const swapped = header.replace('sc-bytes', 'cs-bytes');
    const path = file('headers.log', header + lines(1) + swapped + lines(1, 'b'));
    await ingestFiles(store, [path]);
    appendFileSync(path, lines(1, 'c'));
    await ingestFiles(store, [path]);
    const rows = await store.engine.rows({
      sql: `SELECT path, bytes_sent, bytes_received FROM requests
            WHERE batch IN (SELECT batch FROM ledger WHERE origin = {path:String}) ORDER BY path`,
      params: { path },
    });
    expect(rows).toEqual([
      { path: '/a/0', bytes_sent: 100, bytes_received: 0 },
      { path: '/b/0', bytes_sent: 0, bytes_received: 100 },
      { path: '/c/0', bytes_sent: 0, bytes_received: 100 },
    ]);
  });

  test('a line that was cut off when it was first read is not taken for a new one', async () => {
    const [whole, cut] = [header + lines(2), lines(1, 'cut').trimEnd()];
    const path = file('cut.log', whole + cut);
    await ingestFiles(store, [path]);
    appendFileSync(path, `\n${lines(1, 'next')}`);
    expect(await ingestFiles(store, [path])).toMatchObject({ lines: 1, rows: 1 });
    expect(await storedRows(path)).toBe(4);
  });

  test('half a line at the end is read as a whole when the rest is there', async () => {
    const [half, rest] = [lines(1, 'half').slice(0, 30), lines(1, 'half').slice(30)];
    const path = file('half.log', header + lines(2) + half);
    expect(await ingestFiles(store, [path])).toMatchObject({ rows: 2, rejected: 1 });
    appendFileSync(path, rest + lines(1, 'next'));
    expect(await ingestFiles(store, [path])).toMatchObject({ lines: 2, rows: 2, rejected: 0 });
    expect(await storedRows(path)).toBe(4);
  });

  test('an empty file is nothing to store until it has content', async () => {
    const path = file('empty.log', '');
    expect(await ingestFiles(store, [path])).toMatchObject({ files: 1, known: 0, lines: 0, failed: [] });
    expect(await ledgerOf(path)).toEqual([]);
    writeFileSync(path, Buffer.from(`\ufeff${header}${lines(2, 'filled')}`, 'utf16le'));
    expect(await ingestFiles(store, [path])).toMatchObject({ files: 1, rows: 2, failed: [] });
    expect(await ledgerOf(path)).toMatchObject([{ from_line: 0, lines: 4 }]);
  });

  test('a file that was replaced by another is stored as a whole', async () => {
    const path = file('replaced.log', header + lines(3, 'old'));
    await ingestFiles(store, [path]);
    writeFileSync(path, header + lines(6, 'new'));
    expect(await ingestFiles(store, [path])).toMatchObject({ files: 1, rows: 6 });
    expect(await storedRows(path)).toBe(9);
  });
});

describe('paths', () => {
  test('a symbolic link and its target are one file', async () => {
    const path = file('target.log', header + lines(2));
    const link = join(folder(), 'link.log');
    symlinkSync(path, link);
    const { files } = await expandPaths([link, path]);
    expect(files).toEqual([path]);
    expect(await ingestFiles(store, files)).toMatchObject({ files: 1, rows: 2 });
  });

  test('a folder means the files below it; a glob means what it matches', async () => {
    const below = folder();
    mkdirSync(join(below, 'deep'));
    file('one.log', header + lines(1, 'one'), below);
    file('two.log', header + lines(2, 'two'), join(below, 'deep'));
    file('.hidden', 'not a log', below);
    const { files, unusable } = await expandPaths([below]);
    expect(unusable).toEqual([]);
    expect(await ingestFiles(store, files)).toMatchObject({ files: 2, rows: 3 });
    expect((await expandPaths([`${below}/*.log`])).files).toEqual([join(below, 'one.log')]);
    expect((await expandPaths([`${below}/*.nothing`])).unusable).toHaveLength(1);
  });

  test.each([
    'with blank.log',
    "quote's.log",
    '"double".log',
    'new\nline.log',
    'ünïcödé-日本.log',
    'glob{a,b}[1]*?.log',
    'back\\slash.log',
    'per%20cent.log',
    '-dash.log',
    'percent%s{1}.log',
  ])('the name %j', async (name) => {
    const path = file(name, `${header + lines(2)}broken\n`);
    const { files } = await expandPaths([path]);
    expect(files).toEqual([path]);
    expect(await ingestFiles(store, files)).toMatchObject({ files: 1, rows: 2, rejected: 1, failed: [] });
    const [stored] = await store.engine.rows<{ filename: string }>({
      sql: `SELECT any(filename) AS filename FROM requests
            WHERE batch IN (SELECT batch FROM ledger WHERE origin = {path:String})`,
      params: { path },
    });
    expect(stored?.filename).toBe(name);
    const rejects = await store.engine.rows({
      sql: 'SELECT line_number, line FROM rejects WHERE origin = {path:String}',
      params: { path },
    });
    expect(rejects).toEqual([{ line_number: 5, line: 'broken' }]);
  });

  test('what is no file, or gone, is named with what to do', async () => {
    const fifo = join(folder(), 'fifo');
    execFileSync('mkfifo', [fifo]);
    const { files, unusable } = await expandPaths([fifo, join(scratch.root, 'gone.log')]);
    expect(files).toEqual([]);
    expect(unusable.map(({ problem }) => problem)).toEqual([
      expect.stringContaining('neither a file nor a folder'),
      expect.stringContaining('no such file'),
    ]);
  });

  test('a file that disappears before it is read fails alone', async () => {
    const [good, gone] = [file('stays.log', header + lines(2)), join(scratch.root, 'gone-too.log')];
    const result = await ingestFiles(store, [gone, good, scratch.root]);
    expect(result).toMatchObject({ files: 1, rows: 2 });
    expect(result.failed.map(({ path }) => path)).toEqual([gone, scratch.root]);
  });
});

test('the index of paths is left to merges', async () => {
  const bytesOf = async (name: string) => {
    const sql = `SELECT data_compressed_bytes AS bytes FROM system.data_skipping_indices
                 WHERE table = 'requests' AND name = {name:String}`;
    return (await store.engine.rows<{ bytes: number }>({ sql, params: { name } }))[0]?.bytes ?? -1;
  };
  await store.engine.run({ sql: 'SYSTEM STOP MERGES requests' });
  const [paths, ids] = [await bytesOf('path_parts'), await bytesOf('request_id_first')];
  await ingestFiles(store, [file('indexed.log', header + lines(5, 'parts-that-no-other-path-has'))]);
  expect([await bytesOf('path_parts'), (await bytesOf('request_id_first')) > ids]).toEqual([paths, true]);
  await store.engine.run({ sql: 'SYSTEM START MERGES requests' });
  await store.engine.run({ sql: 'OPTIMIZE TABLE requests FINAL' });
  expect(await bytesOf('path_parts')).toBeGreaterThan(paths);
});
