import { mkdtempSync, rmSync, writeFileSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { afterAll, beforeAll, expect, test } from 'vitest';
import { copyPreparedStore } from '../../test/prepared-store.ts';
import { storeRandomRequests } from '../reports/test-doubles/random-requests.ts';
import { openStore, type Store } from '../store/open-store.ts';
import { exportHours } from './export-hours.ts';
import { FolderLake } from './folder-lake.ts';

const root = mkdtempSync(join(tmpdir(), 'tailrace-read-lake-'));
const folder = join(root, 'lake');
const range = { fromMs: 0, toMs: Date.UTC(2027, 0, 1) };
let store: Store;

beforeAll(async () => {
  store = await openStore({ directory: copyPreparedStore(join(root, 'store')) }, { lakeFolder: folder });
  await storeRandomRequests(store.engine, { first: 0, count: 4000, hours: 60, batch: 1 });
  const lake = new FolderLake({ type: 'folder', path: folder });
  await lake.open();
  await exportHours(
    store.engine,
    lake,
    { tables: ['requests', 'logs'], range, mask: {} },
    new AbortController().signal,
  );
  await lake.close();
});
afterAll(async () => {
  await store?.close();
  rmSync(root, { recursive: true, force: true });
});

interface Answer {
  readonly data: unknown[][];
  readonly statistics: { readonly rows_read: number; readonly bytes_read: number };
}

async function ask(sql: string): Promise<Answer> {
  const chunks: Uint8Array[] = [];
  for await (const chunk of store.engine.ask({ sql }, { format: 'JSONCompact' })) chunks.push(chunk);
  return JSON.parse(Buffer.concat(chunks).toString());
}

const sums = `count(), sum(bytes_sent), sum(cityHash64(time, path, client_ip, status, ttfb, is_bot, sampling_rate)), min(time), max(time)`;

test('the lake has the rows of the table, column by column', async () => {
  expect((await ask(`SELECT ${sums} FROM lake.requests`)).data).toEqual(
    (await ask(`SELECT ${sums} FROM requests`)).data,
  );
  const all = `SELECT count() FROM (SELECT * FROM requests EXCEPT ALL SELECT * EXCEPT (dt, hour) FROM lake.requests)`;
  expect((await ask(all)).data).toEqual([['0']]);
  expect((await ask('SELECT count() FROM lake.logs')).data).toEqual([['0']]);
});

test('rows that the table has not any more are still there', async () => {
  const before = (await ask('SELECT count() FROM lake.requests')).data;
  await store.engine.run({ sql: `ALTER TABLE requests DROP PARTITION '2026-03-03'` });
  expect((await ask('SELECT count() FROM lake.requests')).data).toEqual(before);
});

test('of the files only those are read that a condition on the day and the hour leaves', async () => {
  const all = await ask('SELECT sum(bytes_sent) FROM lake.requests');
  const day = await ask(`SELECT sum(bytes_sent) FROM lake.requests WHERE dt = '2026-03-02'`);
  const hour = await ask(`SELECT sum(bytes_sent) FROM lake.requests WHERE dt = '2026-03-02' AND hour = 5`);
  const time = `time >= '2026-03-02 05:00:00' AND time < '2026-03-02 06:00:00'`;
  const byTime = await ask(`SELECT sum(bytes_sent) FROM lake.requests WHERE ${time}`);
  expect(byTime.data).toEqual(hour.data);
  expect(all.statistics.rows_read).toBe(4000);
  expect(day.statistics.rows_read).toBeLessThan(1800);
  expect(hour.statistics.rows_read).toBeLessThan(100);
  // The others are told by what their ends say.
  expect(byTime.statistics.rows_read).toBe(hour.statistics.rows_read);
  expect(hour.statistics.bytes_read).toBeLessThan(day.statistics.bytes_read / 10);
});

test('what is masked in some rows of an hour is masked in its file, and nothing else', async () => {
  await store.engine.run({
    sql: `INSERT INTO requests (time, path, query, extra, batch) VALUES
      ('2026-04-01 05:00:00', '/a', 'x=1&sIGNATURE=abc', map('h', 'TOKEN=t'), 7), ('2026-04-01 05:00:01', '/b;token=1', 'x=Signature', map(), 7),
      ('2026-04-01 06:00:00', '/c', 'x=1', map('token', 'x'), 7)`,
  });
  const lake = new FolderLake({ type: 'folder', path: folder });
  await lake.open();
  const april = { fromMs: Date.UTC(2026, 3, 1), toMs: Date.UTC(2026, 3, 2) };
  const options = { tables: ['requests'] as const, range: april, mask: { signatures: true, query: ['token'] } };
  expect((await exportHours(store.engine, lake, options, new AbortController().signal)).hours).toBe(2);
  await lake.close();
  const { data } = await ask(
    `SELECT path, query, toString(extra) FROM lake.requests WHERE dt = '2026-04-01' ORDER BY time`,
  );
  expect(data).toEqual([
    ['/a', 'x=1&sIGNATURE=masked', "{'h':'TOKEN=masked'}"],
    ['/b;token=masked', 'x=Signature', '{}'],
    ['/c', 'x=1', "{'token':'x'}"],
  ]);
});

test('a file that is no Parquet is an error that does not tell where the lake lies', async () => {
  const path = join(folder, 'requests/dt=2026-03-01/hour=00/requests-1-of-2.parquet');
  writeFileSync(path, 'nothing');
  const failing = ask('SELECT sum(bytes_sent) FROM lake.requests').then(String, (error: Error) => error.message);
  expect(await failing).not.toContain(root);
  expect(await failing).toContain('requests/dt=2026-03-01/hour=00/');
  rmSync(path);
});

test.each([
  ['SELECT * FROM lake_files.requests', 'lake_files.requests is no table of the store'],
  ['SELECT 1 IN lake_files.requests', 'lake_files.requests is no table of the store'],
  ['SELECT _path FROM lake.requests', 'Unknown expression identifier'],
  ['SHOW CREATE TABLE lake.requests', 'ShowCreateTableQuery'],
])('%s is refused', async (sql, reason) => {
  await expect(ask(sql)).rejects.toThrow(reason);
});

test('without a lake there is a reason', async () => {
  await store.close();
  store = await openStore({ directory: join(root, 'store') });
  await expect(ask('SELECT count() FROM lake.requests')).rejects.toThrow(
    'there is no lake to read; add the section lake',
  );
});
