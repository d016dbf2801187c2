import { mkdtempSync, rmSync, writeFileSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { basename, join } from 'node:path';
import { createClient } from '@clickhouse/client';
import { afterAll, beforeAll, describe, expect, it } from 'vitest';
import { repairStore } from '../../src/ledger/verify/repair-store.ts';
import { isSound, verifyStore } from '../../src/ledger/verify/verify-store.ts';
import { ingestFiles } from '../../src/pipeline/ingest-files.ts';
import { header, lines } from '../../src/pipeline/test-doubles/scratch-store.ts';
import { openStore, type Store } from '../../src/store/open-store.ts';

const url = process.env.TAILRACE_TEST_CLICKHOUSE_URL;
if (!url) console.info('skipped test/integration/server-verify: set TAILRACE_TEST_CLICKHOUSE_URL');

/** Other tests store into the same server meanwhile; a repair would have to wait for them. */
describe.skipIf(!url)('verifying a store on a ClickHouse server', () => {
  let directory: string;
  let store: Store;

  beforeAll(async () => {
    directory = mkdtempSync(join(tmpdir(), 'tailrace-server-verify-'));
    store = await openStore({ url: url ?? '' });
  });

  afterAll(async () => {
    await store?.close();
    rmSync(directory, { recursive: true, force: true });
  });

  /** Unique on the server, and valid within a request id. */
  const idOf = (path: string) => `${basename(directory)}-${basename(path)}`;

  it('finds the file whose lines are gone', async () => {
    const paths = ['whole', 'lacking'].map((name) => join(directory, name));
    for (const path of paths) writeFileSync(path, `${header}${lines(5, idOf(path))}`);
    await ingestFiles(store, paths);
    await store.engine.run({
      sql: 'ALTER TABLE requests DELETE WHERE request_id = {id:String}',
      params: { id: `${idOf(paths[1] ?? '')}-3` },
      settings: { mutations_sync: 2 },
    });
    const { lacking } = await verifyStore(store.engine);
    expect(lacking.filter(({ origin }) => origin.startsWith(directory))).toEqual([
      { origin: paths[1], table: 'requests', promised: 5, found: 4 },
    ]);
  });
});

describe.skipIf(!url)('repairing a store on a ClickHouse server', () => {
  const database = `tailrace_repair_${process.pid}`;
  const admin = createClient(url === undefined ? {} : { url });
  let directory: string;
  let store: Store;

  beforeAll(async () => {
    directory = mkdtempSync(join(tmpdir(), 'tailrace-server-repair-'));
    store = await openStore({ url: url ?? '', database });
  });

  afterAll(async () => {
    await store?.close();
    await admin.command({ query: `DROP DATABASE IF EXISTS ${database}` });
    await admin.command({ query: `DROP USER IF EXISTS tailrace_question_${database}` });
    await admin.close();
    rmSync(directory, { recursive: true, force: true });
  });

  const batchOf = '(SELECT max(batch) FROM ledger WHERE origin = {path:String})';
  const change = (sql: string, path: string) =>
    store.engine.run({ sql, params: { path }, settings: { mutations_sync: 2 } });
  const books = () =>
    store.engine.rows({
      sql: `SELECT extract(origin, '[^/]+$') AS file, sum(lines) AS lines, sum(rows) AS rows, sum(rejected) AS rejected,
              (SELECT count() FROM requests) AS stored, (SELECT count() FROM rejects) AS kept
            FROM ledger GROUP BY file ORDER BY file`,
    });

  it('has what is lacking stored again, and takes out what is there twice', async () => {
    const paths = ['whole', 'lacking-rows', 'lacking-rejects', 'twice'].map((name) => join(directory, name));
    const [, rows, rejects, twice] = paths as [string, string, string, string];
    for (const path of paths) {
      writeFileSync(path, `${header}${lines(5, basename(path))}no line\n`);
      // Each is its own batch.
      await ingestFiles(store, [path]);
    }
    const before = await books();
    await change(`ALTER TABLE requests DELETE WHERE batch = ${batchOf} AND path LIKE '%/3'`, rows);
    await change(`ALTER TABLE rejects DELETE WHERE batch = ${batchOf}`, rejects);
    await change(`INSERT INTO requests SELECT * FROM requests WHERE batch = ${batchOf}`, twice);
    const found = await verifyStore(store.engine);
    expect(isSound(found)).toBe(false);
    const repair = await repairStore(store.engine, found);
    expect(repair.takenBack.map(({ origin }) => basename(origin)).sort()).toEqual([
      'lacking-rejects',
      'lacking-rows',
      'twice',
    ]);
    expect(isSound(await verifyStore(store.engine))).toBe(true);
    await ingestFiles(store, paths);
    expect(await books()).toEqual(before);
  });
});
