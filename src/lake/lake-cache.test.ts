import { copyFileSync, mkdtempSync, readdirSync, readFileSync, rmSync, statSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { CreateBucketCommand } from '@aws-sdk/client-s3';
import { afterAll, beforeAll, beforeEach, describe, expect, test } from 'vitest';
import { copyPreparedStore } from '../../test/prepared-store.ts';
import { storeRandomRequests } from '../reports/test-doubles/random-requests.ts';
import { openS3 } from '../sources/s3/open-clients.ts';
import { setTestCredentials } from '../sources/test-doubles/local-stream.ts';
import { type StubAws, startStubAws } from '../sources/test-doubles/stub-aws.ts';
import { openStore, type Store } from '../store/open-store.ts';
import { exportHours } from './export-hours.ts';
import { FolderLake } from './folder-lake.ts';
import { LakeCache } from './lake-cache.ts';
import { S3Lake } from './s3-lake.ts';

const root = mkdtempSync(join(tmpdir(), 'tailrace-lake-cache-'));
const directory = join(root, 'store');
const cache = join(root, 'cache');
const mostBytes = 3_000_000;
let stub: StubAws;
let store: Store;

const location = () => ({ type: 's3', bucket: 'b', prefix: 'lake/', region: 'us-east-1', endpoint: stub.url }) as const;
const open = (bytes = mostBytes) => openStore({ directory }, { remoteLake: new LakeCache(location(), cache, bytes) });

beforeAll(async () => {
  setTestCredentials();
  stub = await startStubAws();
  copyPreparedStore(directory);
  store = await open();
  await storeRandomRequests(store.engine, { first: 0, count: 4000, hours: 60, batch: 1 });
  await write();
});
afterAll(async () => {
  await store?.close();
  await stub?.close();
  rmSync(root, { recursive: true, force: true });
});
beforeEach(() => {
  stub.calls.length = 0;
});

async function write(): Promise<void> {
  const lake = new FolderLake({ type: 'folder', path: join(root, 'lake') });
  await lake.open();
  const range = { fromMs: 0, toMs: Date.UTC(2027, 0, 1) };
  const { signal } = new AbortController();
  await exportHours(store.engine, lake, { tables: ['requests', 'logs'], range, mask: {} }, signal);
  await lake.close();
  for (const name of readdirSync(lake.name, { recursive: true, encoding: 'utf8' }))
    if (name.endsWith('.parquet')) stub.objects.set(`b/lake/${name}`, readFileSync(join(lake.name, name)));
}

async function ask(sql: string): Promise<unknown[][]> {
  const chunks: Uint8Array[] = [];
  for await (const chunk of store.engine.ask({ sql }, { format: 'JSONCompactEachRow' })) chunks.push(chunk);
  const lines = Buffer.concat(chunks).toString().split('\n').filter(Boolean);
  return lines.map((line) => JSON.parse(line) as unknown[]);
}

const fetched = () => stub.calls.filter((call) => call.startsWith('GetObject'));
const forget = () => {
  for (const name of readdirSync(join(cache, 'copies'))) rmSync(join(cache, 'copies', name));
};

const url = process.env.TAILRACE_TEST_S3_URL;
if (!url) console.warn('skipped: a lake in a real S3, because TAILRACE_TEST_S3_URL is not set');

describe('a question about a lake in S3', () => {
  const sums = 'count(), sum(bytes_sent), sum(cityHash64(time, path, client_ip, status, is_bot)), max(time)';

  test('is answered as the table answers it', async () => {
    expect(await ask(`SELECT ${sums} FROM lake.requests`)).toEqual(await ask(`SELECT ${sums} FROM requests`));
    expect(await ask('SELECT count() FROM lake.logs')).toEqual([['0']]);
    expect(readdirSync(join(cache, 'questions'))).toEqual([]);
  });

  test.each([
    [`dt = '2026-03-02'`, 24],
    [`dt = '2026-03-02' AND hour = 5`, 1],
    [`dt IN ('2026-03-01', '2026-03-02') AND hour BETWEEN 3 AND 5 AND status < 999`, 6],
    [`(dt = '2026-03-02' AND hour = 5) OR (dt = '2026-03-01' AND hour < 2)`, 3],
    [`time >= '2026-03-02 05:30:00' AND time < '2026-03-02 07:00:00'`, 2],
    [`toStartOfHour(time) = '2026-03-02 05:00:00' AND startsWith(path, '/')`, 1],
    [`toDate(time) = '2026-03-02' AND (method = 'GET' OR method != 'GET')`, 24],
    [`NOT (dt = '2026-03-01') AND toDate(time) <= '2026-03-02'`, 24],
    [`dt = '2026-03-02' AND rand() >= 0`, 24],
    [`dt < '2026-01-01'`, 0],
  ])('brings the hours of %s', async (where, hours) => {
    forget();
    const expected = await ask(
      `SELECT ${sums} FROM (SELECT *, toDate(time) AS dt, toHour(time) AS hour FROM requests) WHERE ${where}`,
    );
    expect(await ask(`SELECT ${sums} FROM lake.requests WHERE ${where}`)).toEqual(expected);
    expect(fetched()).toHaveLength(hours);
  });

  test.each([
    // Conditions that are not about one table alone, or not for all of its rows.
    [
      `SELECT count() FROM (SELECT * FROM lake.requests) WHERE dt = '2026-03-02'`,
      `SELECT count() FROM requests WHERE toDate(time) = '2026-03-02'`,
    ],
    [
      `SELECT count() FROM lake.requests WHERE dt = '2026-03-02' OR status = 404`,
      `SELECT count() FROM requests WHERE toDate(time) = '2026-03-02' OR status = 404`,
    ],
    [
      `SELECT count() FROM lake.requests WHERE dt = (SELECT max(dt) FROM lake.requests)`,
      `SELECT count() FROM requests WHERE toDate(time) = (SELECT max(toDate(time)) FROM requests)`,
    ],
    [
      `SELECT count() FROM lake.requests WHERE (path, dt) IN (SELECT path, dt FROM lake.requests WHERE hour = 3)`,
      `SELECT count() FROM requests WHERE (path, toDate(time)) IN (SELECT path, toDate(time) FROM requests WHERE toHour(time) = 3)`,
    ],
    [
      `WITH '2026-03-02' AS day SELECT count() FROM lake.requests AS a LEFT JOIN (SELECT path, count() AS n FROM lake.requests WHERE dt = day GROUP BY path) AS b USING path WHERE n = 0`,
      `SELECT count() FROM requests AS a LEFT JOIN (SELECT path, count() AS n FROM requests WHERE toDate(time) = '2026-03-02' GROUP BY path) AS b USING path WHERE n = 0`,
    ],
    [`SELECT 1 IN (SELECT 1 FROM lake.requests)`, 'SELECT 1'],
  ])('holds for %s', async (asked, reference) => {
    expect(await ask(asked)).toEqual(await ask(reference));
  });

  test('brings an hour once, and again when it was written again', async () => {
    const sql = `SELECT count() FROM lake.requests WHERE dt = '2026-03-02' AND hour = 7`;
    forget();
    const [[before]] = (await ask(sql)) as [[string]];
    await ask(sql);
    expect(fetched()).toHaveLength(1);
    await store.engine.run({ sql: `INSERT INTO requests (time, path, batch) VALUES ('2026-03-02 07:30:00', '/', 9)` });
    await write();
    await store.close();
    store = await open();
    expect(await ask(sql)).toEqual([[String(Number(before) + 1)]]);
    expect(fetched()).toHaveLength(2);
  });

  test('needs no more than may lie on the disk', async () => {
    const bytes = [...stub.objects.values()].reduce((sum, object) => sum + object.length, 0);
    await store.close();
    store = await open(bytes / 2);
    await expect(ask('SELECT count() FROM lake.requests')).rejects.toThrow(
      'add conditions on dt, hour or time, joined by AND, to the SELECT that reads the lake',
    );
    for (const day of ['2026-03-01', '2026-03-02', '2026-03-03'])
      await ask(`SELECT count() FROM lake.requests WHERE dt = '${day}'`);
    const copies = readdirSync(join(cache, 'copies')).map((name) => statSync(join(cache, 'copies', name)).size);
    expect(copies.reduce((sum, size) => sum + size, 0)).toBeLessThanOrEqual(bytes / 2);
  });

  test('fails with a remedy while the bucket refuses', async () => {
    await store.close();
    store = await open();
    forget();
    stub.fail('GetObject', { status: 403, code: 'AccessDenied' }, 9);
    await expect(ask('SELECT sum(bytes_sent) FROM lake.requests')).rejects.toThrow('s3:GetObject');
    expect(readdirSync(join(cache, 'questions'))).toEqual([]);
  });

  test.each([
    ['SELECT * FROM lake_files.requests', 'lake_files.requests is no table of the store'],
    [`SELECT count() FROM lake.requests SETTINGS query_cache_tag = 'x'`, 'SETTINGS'],
    ['SELECT _path FROM lake.requests', 'Unknown expression identifier'],
  ])('is refused as %s', async (sql, reason) => {
    await expect(ask(sql)).rejects.toThrow(reason);
  });
});

test.skipIf(!url)('one day of a hundred in a real S3', async () => {
  const place = { ...location(), endpoint: url ?? '', bucket: `lake-${process.pid}-${Date.now()}` };
  const s3 = await openS3(place);
  await s3.send(new CreateBucketCommand({ Bucket: place.bucket }));
  const lake = new S3Lake(place, join(root, 'spool'));
  await lake.open();
  const { signal } = new AbortController();
  const path = join(root, 'lake/requests/dt=2026-03-02/hour=05/requests.parquet');
  for (let day = 0; day < 100; day++) {
    const dt = new Date(Date.UTC(2026, 0, 1 + day)).toISOString().slice(0, 10);
    const draft = lake.draft();
    copyFileSync(path, draft);
    await lake.publish(draft, `requests/dt=${dt}/hour=05/requests.parquet`, signal);
  }
  await lake.close();
  s3.destroy();
  await store.close();
  const own = join(root, 'hundred');
  store = await openStore({ directory }, { remoteLake: new LakeCache(place, own, mostBytes) });
  const [[rows, days]] = (await ask(`SELECT count(), uniqExact(dt) FROM lake.requests WHERE dt = '2026-02-14'`)) as [
    [string, string],
  ];
  expect([Number(rows) > 0, days]).toEqual([true, '1']);
  const copies = readdirSync(join(own, 'copies'));
  expect(copies).toHaveLength(1);
  expect(statSync(join(own, 'copies', copies[0] ?? '')).size).toBe(statSync(path).size);
});
