import { mkdtempSync, rmSync, writeFileSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { createClient } from '@clickhouse/client';
import { afterAll, beforeAll, describe, expect, test } from 'vitest';
import { RetentionKeeper } from '../../src/cli/retention-keeper.ts';
import { ClaimedElsewhereError } from '../../src/ledger/claim-input.ts';
import { isSound, verifyStore } from '../../src/ledger/verify/verify-store.ts';
import { startWorker, type Worker } from '../../src/ledger/worker.ts';
import { ingestFiles } from '../../src/pipeline/ingest-files.ts';
import { header, lines } from '../../src/pipeline/test-doubles/scratch-store.ts';
import { openStore, type Store } from '../../src/store/open-store.ts';

const url = process.env.TAILRACE_TEST_CLICKHOUSE_URL;
if (!url) console.warn('skipped: retention in a ClickHouse server, because TAILRACE_TEST_CLICKHOUSE_URL is not set');

describe.skipIf(!url)('retention in a ClickHouse server', () => {
  const database = `tailrace_retention_${process.pid}`;
  const admin = createClient(url === undefined ? {} : { url });
  const directory = mkdtempSync(join(tmpdir(), 'tailrace-server-retention-'));
  const workers: { readonly store: Store; readonly worker: Worker }[] = [];

  beforeAll(async () => {
    // Its tables for enrichment serve stores in other databases too.
    await (await openStore({ url: url ?? '' })).close();
    for (let number = 0; number < 2; number++) {
      const store = await openStore({ url: url ?? '', database });
      workers.push({ store, worker: await startWorker(store.engine) });
    }
  });

  afterAll(async () => {
    for (const { store, worker } of workers) {
      worker.stop();
      await store.close();
    }
    await admin.command({ query: `DROP DATABASE IF EXISTS ${database}` });
    await admin.command({ query: `DROP USER IF EXISTS tailrace_question_${database}` });
    await admin.close();
    rmSync(directory, { recursive: true, force: true });
  });

  test('of two workers that find the same rows too old, each row is deleted and counted once', async () => {
    const [one] = workers;
    if (!one) throw new Error('BUG: no worker');
    const { engine } = one.store;
    const paths = ['2026-03-01', '2026-03-02', '2026-03-03'].map((day) => join(directory, day));
    for (const path of paths)
      writeFileSync(path, `${header}${lines(50).replaceAll('2026-03-01', path.slice(-10))}no line of it\n`);
    expect(await ingestFiles(one.store, paths)).toMatchObject({ rows: 150, rejected: 3 });
    const ages = { seconds: (Date.now() - Date.UTC(2026, 2, 3)) / 1000, bytes: null };
    const forever = { seconds: null, bytes: null };
    const retention = { requests: ages, logs: forever, rejects: forever };
    const looks = await Promise.allSettled(
      workers.map(({ store, worker }) =>
        new RetentionKeeper({ engine: store.engine, worker, retention, waiters: [], isAlone: true }).look(),
      ),
    );
    for (const look of looks) {
      if (look.status === 'rejected') expect(look.reason).toBeInstanceOf(ClaimedElsewhereError);
    }
    expect(looks.some(({ status }) => status === 'fulfilled')).toBe(true);
    expect(
      await engine.rows({ sql: "SELECT sum(rows) AS deleted FROM deletions FINAL WHERE state = 'deleted'" }),
    ).toEqual([{ deleted: 100 }]);
    expect(await engine.rows({ sql: 'SELECT count() AS rows FROM requests' })).toEqual([{ rows: 50 }]);
    const verified = await verifyStore(engine);
    expect(isSound(verified)).toBe(true);
    expect(verified.accounts).toMatchObject([
      { table: 'requests', received: 150, stored: 50, deleted: 100, unrecorded: 0 },
      { table: 'logs', received: 0, unrecorded: 0 },
      { table: 'rejects', received: 3, stored: 3, unrecorded: 0 },
    ]);
  });
});
