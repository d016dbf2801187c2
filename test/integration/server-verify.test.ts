import { mkdtempSync, rmSync, writeFileSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { basename, join } from 'node:path';
import { afterAll, beforeAll, describe, expect, it } from 'vitest';
import { verifyStore } from '../../src/ledger/verify/verify-store.ts';
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
  }, 120_000);

  afterAll(async () => {
    await store?.close();
    rmSync(directory, { recursive: true, force: true });
  });

  /** Of no other file on the server, and such that it may be in a request id. */
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
