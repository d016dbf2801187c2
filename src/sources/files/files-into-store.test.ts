import { appendFileSync, mkdirSync, mkdtempSync, renameSync, rmSync, symlinkSync, writeFileSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { gzipSync } from 'node:zlib';
import { afterAll, beforeAll, beforeEach, expect, test } from 'vitest';
import { patienceMs } from '../../../test/patience.ts';
import { copyPreparedStore } from '../../../test/prepared-store.ts';
import { ingestFiles } from '../../pipeline/ingest-files.ts';
import { openSink } from '../../pipeline/open-sink.ts';
import { openStore, type Store } from '../../store/open-store.ts';
import { createFilesSource } from './files-source.ts';

const patience = { timeout: patienceMs, interval: 200 };

let folder: string;
let store: Store;
let runs = 0;

beforeAll(async () => {
  folder = mkdtempSync(join(tmpdir(), 'tailrace-files-'));
  store = await openStore({ directory: copyPreparedStore(join(folder, 'store')) });
});

afterAll(async () => {
  await store?.close();
  rmSync(folder, { recursive: true, force: true });
});

let logs: string;

beforeEach(() => {
  logs = join(folder, `logs-${++runs}`);
  mkdirSync(logs);
});

function start(startFrom: 'beginning' | 'end', path = logs) {
  const sink = openSink(store, { spoolDirectory: join(folder, `spool-${++runs}`) });
  const source = createFilesSource({ pipeline: logs, paths: [path], startFrom, pollMs: 50 });
  const stopped = new AbortController();
  const running = source.run(sink, stopped.signal);
  return async () => {
    stopped.abort();
    await running;
    await sink.close();
  };
}

function numbered(from: number, until: number): string {
  return Array.from({ length: until - from }, (_, n) => `{"level":"info","message":"number ${from + n}"}\n`).join('');
}

function messages(): Promise<string[]> {
  return store.engine
    .rows<{ message: string }>({
      sql: `SELECT message FROM logs WHERE group = {group:String} ORDER BY toUInt32(extract(message, '[0-9]+'))`,
      params: { group: logs },
    })
    .then((rows) => rows.map(({ message }) => message));
}

function upTo(from: number, until: number): string[] {
  return Array.from({ length: until - from }, (_, n) => `number ${from + n}`);
}

test('what is appended, rotated and compressed is in the store once, across restarts', async () => {
  const path = join(logs, 'app.log');
  writeFileSync(path, numbered(0, 100));
  const stopFirst = start('beginning');
  await expect.poll(messages, patience).toEqual(upTo(0, 100));
  appendFileSync(path, numbered(100, 150));
  await stopFirst();
  renameSync(path, `${path}.1`);
  writeFileSync(path, numbered(150, 200));
  writeFileSync(join(logs, 'other.gz'), gzipSync(numbered(200, 250)));
  const stopSecond = start('beginning');
  await expect.poll(messages, patience).toEqual(upTo(0, 250));
  await stopSecond();
  const stopThird = start('beginning');
  appendFileSync(path, numbered(250, 260));
  await expect.poll(messages, patience).toEqual(upTo(0, 260));
  await stopThird();
  const [line] = await store.engine.rows<{ stream: string; filename: string; host: string }>({
    sql: "SELECT stream, filename, host FROM logs WHERE group = {group:String} AND message = 'number 0'",
    params: { group: logs },
  });
  expect(line).toMatchObject({ stream: path, filename: 'app.log', host: expect.stringMatching(/./) });
});

test('what was ingested by name is not stored again by following it: as it was, grown, rotated, compressed', async () => {
  const [same, grown, rotated, packed] = ['same.log', 'grown.log', 'app.log', 'packed.gz'].map((name) =>
    join(logs, name),
  ) as [...[string, string, string, string]];
  writeFileSync(same, numbered(0, 10));
  writeFileSync(grown, numbered(10, 15));
  writeFileSync(rotated, numbered(20, 2000));
  writeFileSync(packed, gzipSync(numbered(2000, 2010)));
  const link = join(folder, `link-${runs}`);
  symlinkSync(logs, link);
  expect(await ingestFiles(store, [same, grown, rotated, packed])).toMatchObject({ files: 4, rows: 2005 });
  appendFileSync(grown, numbered(15, 20));
  renameSync(rotated, `${rotated}.1`);
  appendFileSync(`${rotated}.1`, numbered(3000, 3001));
  // The same content under another name was not ingested.
  writeFileSync(join(logs, 'twin.log'), numbered(0, 10));
  const all = async () => {
    const [row] = await store.engine.rows<{ count: number }>({
      sql: `SELECT count() AS count FROM logs WHERE batch IN (
              SELECT batch FROM ledger WHERE startsWith(origin, {logs:String}) OR startsWith(origin, {link:String}))`,
      params: { logs: `${logs}/`, link: `${link}/` },
    });
    return row?.count;
  };
  const stopFirst = start('beginning', link);
  await expect.poll(all, patience).toBe(2005 + 5 + 1 + 10);
  appendFileSync(same, numbered(4000, 4001));
  await expect.poll(all, patience).toBe(2022);
  await stopFirst();
  const stopSecond = start('beginning', link);
  writeFileSync(join(logs, 'last.log'), numbered(5000, 5001));
  await expect.poll(all, patience).toBe(2023);
  await stopSecond();
  expect(await messages()).toEqual([...upTo(0, 10), ...upTo(15, 20), 'number 3000', 'number 4000', 'number 5000']);
});

test('what was followed is not stored again by name: as it is, rotated, compressed, grown, or begun by name', async () => {
  const paths = ['whole.log', 'rotated.log', 'packed.gz', 'grown.log', 'begun.log'].map((name) => join(logs, name));
  const [whole, rotated, packed, grown, begun] = paths as [string, string, string, string, string];
  writeFileSync(whole, numbered(0, 10));
  writeFileSync(rotated, numbered(10, 20));
  writeFileSync(packed, gzipSync(numbered(20, 30)));
  writeFileSync(grown, numbered(30, 40));
  writeFileSync(begun, numbered(40, 45));
  await ingestFiles(store, [begun]);
  appendFileSync(begun, numbered(45, 50));
  const stop = start('beginning');
  await expect.poll(messages, patience).toEqual([...upTo(0, 40), ...upTo(45, 50)]);
  await stop();
  renameSync(rotated, `${rotated}.1`);
  appendFileSync(grown, numbered(50, 51));
  // Another file under the name of a followed one is stored.
  writeFileSync(rotated, numbered(60, 65));
  const result = await ingestFiles(store, [whole, `${rotated}.1`, packed, grown, begun, rotated]);
  expect(result).toMatchObject({ files: 1, known: 4, rows: 5 });
  expect(result.failed).toEqual([
    { path: grown, problem: expect.stringMatching(/^a pipeline follows it and has stored its bytes from 0 to \d+; /) },
  ]);
  // Among so many that the ledger is first asked whether it has any of them.
  const others = Array.from({ length: 100 }, (_, index) => join(logs, `whole-${100 + index}.log`));
  for (const path of others) writeFileSync(path, numbered(70, 71));
  renameSync(whole, `${whole}.1`);
  expect(await ingestFiles(store, [...others, `${whole}.1`])).toMatchObject({ files: 100, known: 1, rows: 100 });
});

test('what a pipeline left out is stored by name, and what it stores afterwards is not stored again', async () => {
  const [left, grown] = [join(logs, 'left.log'), join(logs, 'grown.log')];
  writeFileSync(left, numbered(0, 10));
  writeFileSync(grown, numbered(10, 20));
  const mark = () =>
    store.engine.rows({
      sql: 'SELECT 1 FROM ledger WHERE origin = {mark:String}',
      params: { mark: `files://${logs}` },
    });
  const stopFirst = start('end');
  await expect.poll(async () => (await mark()).length, patience).toBe(1);
  await stopFirst();
  appendFileSync(grown, numbered(20, 21));
  const result = await ingestFiles(store, [left, grown]);
  expect(result).toMatchObject({ files: 1, rows: 10 });
  expect(result.failed).toMatchObject([{ path: grown, problem: expect.stringContaining('will store what follows') }]);
  appendFileSync(left, numbered(30, 31));
  const stopSecond = start('end');
  await expect.poll(messages, patience).toEqual(['number 20', 'number 30']);
  await stopSecond();
  expect(await ingestFiles(store, [left])).toMatchObject({ files: 0, known: 1, failed: [] });
});

test('from the end: what is there is left out, across restarts', async () => {
  const path = join(logs, 'app.log');
  writeFileSync(path, numbered(0, 10));
  writeFileSync(join(logs, 'empty.log'), '');
  const known = () =>
    store.engine.rows({
      sql: 'SELECT origin, lines FROM ledger WHERE startsWith(origin, {logs:String}) OR origin = {mark:String}',
      params: { logs, mark: `files://${logs}` },
    });
  const stopFirst = start('end');
  await expect.poll(async () => (await known()).length, patience).toBe(3);
  await stopFirst();
  appendFileSync(path, numbered(10, 20));
  appendFileSync(join(logs, 'empty.log'), numbered(20, 30));
  const stopSecond = start('end');
  await expect.poll(messages, patience).toEqual(upTo(10, 30));
  await stopSecond();
});
