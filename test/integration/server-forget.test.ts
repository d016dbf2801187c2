import { mkdtempSync, rmSync, writeFileSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { createClient } from '@clickhouse/client';
import { afterAll, beforeAll, describe, expect, test } from 'vitest';
import { forgetViewer } from '../../src/ledger/forget-viewer.ts';
import { isSound, verifyStore } from '../../src/ledger/verify/verify-store.ts';
import { ingestFiles } from '../../src/pipeline/ingest-files.ts';
import { header, lines } from '../../src/pipeline/test-doubles/scratch-store.ts';
import { RollupKeeper } from '../../src/rollups/keep-rollups.ts';
import { openStore, type Store } from '../../src/store/open-store.ts';

const url = process.env.TAILRACE_TEST_CLICKHOUSE_URL;
if (!url) console.warn('skipped: forget in a ClickHouse server, because TAILRACE_TEST_CLICKHOUSE_URL is not set');

describe.skipIf(!url)('forget in a ClickHouse server', () => {
  const database = `tailrace_forget_${process.pid}`;
  const admin = createClient(url === undefined ? {} : { url });
  const directory = mkdtempSync(join(tmpdir(), 'tailrace-server-forget-'));
  let store: Store;

  beforeAll(async () => {
    // Its tables for enrichment serve stores in other databases too.
    await (await openStore({ url: url ?? '' })).close();
    store = await openStore({ url: url ?? '', database });
  });

  afterAll(async () => {
    await store.close();
    await admin.command({ query: `DROP DATABASE IF EXISTS ${database}` });
    await admin.command({ query: `DROP USER IF EXISTS tailrace_question_${database}` });
    await admin.close();
    rmSync(directory, { recursive: true, force: true });
  });

  const forget = () =>
    forgetViewer(
      store.engine,
      { address: '203.0.113.77' },
      { subject: 'a'.repeat(64), by: 'ann@tide', rule: 'client_ip' },
    );

  test('a viewer is gone from all tables and their files, others are not, and the books balance', async () => {
    const { engine } = store;
    const viewers = ['203.0.113.77', '203.0.113.7'].map((ip, at) => {
      const path = join(directory, `${at}.log`);
      const text = lines(20, `v${at}`).replaceAll('203.0.113.7', ip);
      writeFileSync(path, `${header}${text}no line of it: ${ip}:443\n`);
      return path;
    });
    const logs = join(directory, 'app.log');
    const log = (ip: string) => `{"level":"info","time":"2026-03-01T10:00:00Z","msg":"${ip} logged in"}\n`;
    writeFileSync(logs, log('203.0.113.77') + log('203.0.113.7'));
    expect(await ingestFiles(store, [...viewers, logs])).toMatchObject({ failed: [], rows: 42, rejected: 2 });
    const rollups = new RollupKeeper(engine);
    await rollups.look();
    await rollups.look();

    const forgotten = { requests: 20, logs: 1, rejects: 1 };
    expect(await forget()).toEqual({ ...forgotten, rollups: 2 });

    expect(
      await engine.rows({
        sql: `SELECT * FROM (
                SELECT 'requests' AS table, client_ip AS viewer, count() AS rows FROM requests GROUP BY viewer
                UNION ALL SELECT 'logs', message, count() FROM logs GROUP BY message
                UNION ALL SELECT 'rejects', line, count() FROM rejects GROUP BY line
              ) ORDER BY table`,
      }),
    ).toEqual([
      { table: 'logs', viewer: '203.0.113.7 logged in', rows: 1 },
      { table: 'rejects', viewer: 'no line of it: 203.0.113.7:443', rows: 1 },
      { table: 'requests', viewer: '203.0.113.7', rows: 20 },
    ]);
    expect(
      await engine.rows({ sql: "SELECT count() AS rows FROM rollup_clients WHERE client_ip = '203.0.113.77'" }),
    ).toEqual([{ rows: 0 }]);
    expect(isSound(await verifyStore(engine))).toBe(true);
    expect(await engine.rows({ sql: 'SELECT by, rule, requests, logs, rejects, state FROM forgets FINAL' })).toEqual([
      { by: 'ann@tide', rule: 'client_ip', ...forgotten, state: 'done' },
    ]);
    expect(await engine.rows({ sql: 'SELECT -sum(lines) AS forgotten FROM corrections WHERE forget != 0' })).toEqual([
      { forgotten: 22 },
    ]);
    // Only the record and the books are left of it, and no file of replaced parts.
    expect(
      await engine.rows({
        sql: `SELECT (SELECT count() FROM forgetting) AS listed,
                (SELECT count() FROM system.parts WHERE database = currentDatabase() AND NOT active
                   AND table IN ('requests', 'logs', 'rejects', 'rollup_clients')) AS old`,
      }),
    ).toEqual([{ listed: 0, old: 0 }]);

    // The same files do not bring the viewer back.
    expect(await ingestFiles(store, [...viewers, logs])).toMatchObject({ rows: 0 });
    expect(await forget()).toEqual({ requests: 0, logs: 0, rejects: 0, rollups: 0 });
  });
});
