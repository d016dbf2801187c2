import { readdirSync, rmSync, statSync, writeFileSync } from 'node:fs';
import { mkdtemp, rm } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import { dirname, join } from 'node:path';
import { afterAll, beforeAll, describe, expect, onTestFinished, test } from 'vitest';
import { copyPreparedStore } from '../../test/prepared-store.ts';
import { countParquetRows } from '../destinations/parquet-rows.ts';
import { purgeBatches } from '../ledger/purge-batches.ts';
import { storeRandomRequests } from '../reports/test-doubles/random-requests.ts';
import { dayMs } from '../rollups/range.ts';
import { setTestCredentials } from '../sources/test-doubles/local-stream.ts';
import { startStubAws } from '../sources/test-doubles/stub-aws.ts';
import { openStore, type Store } from '../store/open-store.ts';
import { recordExpiration } from '../store/retention.ts';
import { type Exported, type ExportOptions, exportHours } from './export-hours.ts';
import { FolderLake } from './folder-lake.ts';
import type { LakePlace } from './lake-place.ts';
import { S3Lake } from './s3-lake.ts';

const url = process.env.TAILRACE_TEST_CLICKHOUSE_URL;
if (!url) console.info('skipped: the lake of a ClickHouse server, because TAILRACE_TEST_CLICKHOUSE_URL is not set');

const startMs = Date.UTC(2026, 2, 1);
const database = `tailrace_lake_${process.pid}`;
const { signal } = new AbortController();
const everything = { fromMs: 0, toMs: startMs + 365 * dayMs };

let root: string;
beforeAll(async () => {
  root = await mkdtemp(join(tmpdir(), 'tailrace-lake-'));
});
afterAll(() => rm(root, { recursive: true, force: true }));

const stores = {
  embedded: () => openStore({ directory: copyPreparedStore(join(root, 'store')) }),
  'a ClickHouse server': async () => {
    // Dictionaries are in the default database.
    await (await openStore({ url: url ?? '' })).close();
    const opened = await openStore({ url: url ?? '', database });
    const close = async () => {
      await opened.engine.run({ sql: `DROP USER IF EXISTS tailrace_question_${database}` });
      await opened.engine.run({ sql: `DROP DATABASE ${database} SYNC` });
      await opened.close();
    };
    return { ...opened, close };
  },
};

describe.each(Object.entries(stores))('of %s', (name, open) => {
  describe.skipIf(name !== 'embedded' && !url)('an export', () => {
    let store: Store;
    let folder: string;
    let lake: FolderLake;
    const exportTo = (place: LakePlace, options: Partial<ExportOptions> = {}): Promise<Exported> =>
      exportHours(
        store.engine,
        place,
        { tables: ['requests', 'logs'], range: everything, mask: {}, ...options },
        signal,
      );
    const filesOf = (table = 'requests') =>
      readdirSync(folder, { recursive: true, encoding: 'utf8' })
        .filter((path) => path.startsWith(table) && path.endsWith('.parquet'))
        .sort();
    const rowsIn = async (table = 'requests') => {
      let rows = 0;
      for (const path of filesOf(table)) rows += await countParquetRows(join(folder, path));
      return rows;
    };
    const stored = async (table = 'requests') =>
      (await store.engine.rows<{ rows: number }>({ sql: `SELECT count() AS rows FROM ${table}` }))[0]?.rows;

    beforeAll(async () => {
      store = await open();
      folder = await mkdtemp(join(root, 'lake-'));
      lake = new FolderLake({ type: 'folder', path: folder });
      await lake.open();
      await storeRandomRequests(store.engine, { first: 0, count: 3000, hours: 26, batch: 1 });
      await store.engine.run({
        sql: `INSERT INTO logs (time, message, service, batch, line_number)
              SELECT toDateTime64('2026-03-01 00:00:00', 3, 'UTC') + number * 30, concat('m', toString(number)), 'api', 1, number FROM numbers(500)`,
      });
    });
    afterAll(async () => {
      await lake?.close();
      await store?.close();
    });

    test('has a file for each hour, under its day and hour, and writes nothing the second time', async () => {
      const first = await exportTo(lake);
      expect(first).toMatchObject({ hours: 31, rows: 3500, current: 0, problems: [] });
      expect(filesOf()).toHaveLength(26);
      expect(filesOf()[0]).toBe('requests/dt=2026-03-01/hour=00/requests.parquet');
      expect(await rowsIn()).toBe(await stored());
      expect(await rowsIn('logs')).toBe(500);
      const times = filesOf().map((path) => statSync(join(folder, path)).mtimeMs);
      expect(await exportTo(lake)).toMatchObject({ hours: 0, rows: 0, current: 31 });
      expect(filesOf().map((path) => statSync(join(folder, path)).mtimeMs)).toEqual(times);
      expect(readdirSync(join(folder, '.partial'))).toEqual([]);
    });

    test('writes an hour again that got late rows, and no other', async () => {
      await storeRandomRequests(store.engine, { first: 90_000, count: 7, hours: 1, batch: 2 });
      const isDue = () => false;
      expect(await exportTo(lake, { isDue })).toMatchObject({ hours: 0, current: 30 });
      expect(await exportTo(lake)).toMatchObject({ hours: 1, current: 30 });
      expect(await rowsIn()).toBe(await stored());
    });

    test('follows rows that are taken back, and removes an hour of which none is left', async () => {
      await store.engine.run({
        sql: `INSERT INTO requests (time, path, batch, line_number)
              SELECT toDateTime64('2026-03-09 05:00:00', 3, 'UTC'), '/', 3, number FROM numbers(5)`,
      });
      expect(await exportTo(lake)).toMatchObject({ hours: 1, rows: 5 });
      await purgeBatches(store.engine, ['2', '3']);
      expect(await exportTo(lake)).toMatchObject({ hours: 2 });
      expect(filesOf()).toHaveLength(26);
      expect(await rowsIn()).toBe(3000);
      expect(await exportTo(lake)).toMatchObject({ hours: 0, current: 31 });
    });

    test('does not touch files that this store has not written', async () => {
      const strange = join(folder, 'requests/dt=2026-03-20/hour=01/requests.parquet');
      await lake.publish(await draftOf(lake, 'of another store'), 'requests/dt=2026-03-20/hour=01/requests.parquet');
      await store.engine.run({
        sql: `INSERT INTO requests (time, path, batch) VALUES ('2026-03-20 01:00:00', '/', 4), ('2026-03-20 02:00:00', '/', 4)`,
      });
      const { hours, problems } = await exportTo(lake);
      expect(hours).toBe(1);
      expect(problems).toEqual([expect.stringContaining('this store has not written it; remove it if')]);
      rmSync(dirname(strange), { recursive: true });
      expect(await exportTo(lake)).toMatchObject({ hours: 1, problems: [] });
    });

    test('writes again what a killed process had begun, and removes what that left', async () => {
      class Dying extends FolderLake {
        override async publish(draft: string, name: string): Promise<void> {
          if (name.includes('hour=03')) throw new Error('killed');
          await super.publish(draft, name);
        }
      }
      await storeRandomRequests(store.engine, { first: 95_000, count: 300, hours: 6, batch: 5 });
      await expect(exportTo(new Dying({ type: 'folder', path: folder }))).rejects.toThrow('killed');
      // As if the hour had been cut into more files.
      await lake.publish(await draftOf(lake, 'old'), 'requests/dt=2026-03-01/hour=03/requests-1-of-2.parquet');
      const again = await exportTo(lake);
      expect(again.hours).toBe(6);
      expect(await rowsIn()).toBe(await stored());
      expect(await exportTo(lake)).toMatchObject({ hours: 0 });
    });

    test('keeps what retention has deleted', async () => {
      const before = await rowsIn();
      await recordExpiration(store.engine, 'requests', startMs + dayMs);
      await store.engine.run({
        sql: `ALTER TABLE requests DELETE WHERE time < '2026-03-02'`,
        settings: { mutations_sync: 2 },
      });
      expect(await exportTo(lake)).toMatchObject({ hours: 0, problems: [] });
      expect(await rowsIn()).toBe(before);
    });

    test('in S3: a request for each hour, and the names below the prefix', async () => {
      setTestCredentials();
      const stub = await startStubAws();
      onTestFinished(() => stub.close());
      const place = new S3Lake(
        { type: 's3', bucket: 'b', prefix: 'lake/', region: 'us-east-1', endpoint: stub.url },
        join(root, 'spool'),
      );
      await place.open();
      onTestFinished(() => place.close());
      const range = { fromMs: Date.UTC(2026, 2, 2), toMs: Date.UTC(2026, 2, 2, 2) };
      expect(await exportTo(place, { range, tables: ['requests'] })).toMatchObject({ hours: 2, problems: [] });
      expect(stub.calls.filter((call) => call.startsWith('PutObject'))).toEqual([
        'PutObject b/lake/requests/dt=2026-03-02/hour=00/requests.parquet',
        'PutObject b/lake/requests/dt=2026-03-02/hour=01/requests.parquet',
      ]);
      expect(await exportTo(place, { range, tables: ['requests'] })).toMatchObject({ hours: 0, current: 2 });
    });
  });
});

test('a file that is no Parquet has no rows', async () => {
  const path = join(root, 'no.parquet');
  writeFileSync(path, 'PAR1 and nothing else');
  await expect(countParquetRows(path)).rejects.toThrow('not complete Parquet');
  writeFileSync(path, '');
  await expect(countParquetRows(path)).rejects.toThrow('not complete Parquet');
});

async function draftOf(lake: FolderLake, text: string): Promise<string> {
  const draft = lake.draft();
  writeFileSync(draft, text);
  return draft;
}
