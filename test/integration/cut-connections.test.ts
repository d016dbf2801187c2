import { mkdtempSync, rmSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { afterAll, beforeAll, describe, expect, it } from 'vitest';
import { newBatchId } from '../../src/ledger/batch-id.ts';
import { recoverBatches } from '../../src/ledger/recover-batches.ts';
import { takeBackBatches } from '../../src/ledger/take-back.ts';
import { openSink, type StoreSink } from '../../src/pipeline/open-sink.ts';
import type { Delivery } from '../../src/sources/source.ts';
import { openStore, type Store } from '../../src/store/open-store.ts';
import { CuttingProxy } from './cutting-proxy.ts';

const url = process.env.TAILRACE_TEST_CLICKHOUSE_URL;
if (!url) console.info('skipped test/integration/cut-connections: set TAILRACE_TEST_CLICKHOUSE_URL');

const cuts = Number(process.env.TAILRACE_CUTS ?? 3);
const statements = ['landing_logs', 'ledger', 'plans'];
const heldMs = [0, 0, 30, 100, 300];

/** The server continues a statement whose sender was disconnected, and its outcome is not reported. */
describe.skipIf(!url)('connections that are cut behind the last byte of an INSERT', () => {
  const run = `cut-${Date.now()}`;
  let directory: string;
  let proxy: CuttingProxy;
  let store: Store;
  let sink: StoreSink;

  beforeAll(async () => {
    directory = mkdtempSync(join(tmpdir(), 'tailrace-cut-'));
    proxy = await CuttingProxy.open(url ?? '');
    store = await openStore({ url: proxy.url });
    sink = openSink(store, { spoolDirectory: join(directory, 'spool') });
  });

  afterAll(async () => {
    await sink?.close();
    await store?.close();
    await proxy?.close();
    rmSync(directory, { recursive: true, force: true });
  });

  const linesOf = (index: number) => 1 + ((index * 7919) % 20_000);

  function delivery(index: number): Delivery {
    const line = `${JSON.stringify({ level: 'info', message: `${run} ${index}` })}\n`;
    return {
      origin: `http://${run}/${index}`,
      version: '1',
      content: { kind: 'lines', chunks: [Buffer.from(line.repeat(linesOf(index)))] },
    };
  }

  it('what is stored of a batch that was taken back goes with the next recovery', async () => {
    const batch = newBatchId();
    await takeBackBatches(store.engine, [batch]);
    await store.engine.run({
      sql: `INSERT INTO landing_logs (batch, object, line, line_bytes, kind, message, time)
            SELECT {batch:UInt64}, 1, 'late', 4, 0, 'late', now64(3)`,
      params: { batch },
    });
    const rows = () =>
      store.engine.rows({ sql: 'SELECT message FROM logs WHERE batch = {batch:UInt64}', params: { batch } });
    expect(await rows()).toHaveLength(1);
    await recoverBatches(store.engine);
    expect(await rows()).toEqual([]);
  });

  it(`leave every line stored once, after ${cuts} of them`, { timeout: 600_000 + cuts * 60_000 }, async () => {
    for (let index = 0; index < cuts; index++) {
      const table = statements[index % statements.length] as string;
      const held = heldMs[index % heldMs.length] as number;
      proxy.cutNext({ isMeant: (sql) => new RegExp(`INSERT INTO ${table}\\b`).test(sql), heldMs: held });
      await sink.store([delivery(index)]);
      expect(proxy.cuts, `cut of ${table}`).toBe(index + 1);
    }
    await proxy.settle();
    await recoverBatches(store.engine);
    const found = await store.engine.rows<{ message: string; rows: number; orphans: number; closed: number }>({
      sql: `
        SELECT message, count() AS rows, countIf(batch NOT IN (SELECT batch FROM ledger)) AS orphans
        FROM logs WHERE startsWith(message, {run:String}) GROUP BY message`,
      params: { run: `${run} ` },
    });
    const closed = await store.engine.rows<{ origin: string; times: number; rows: number }>({
      sql: `SELECT origin, count() AS times, sum(rows) AS rows FROM ledger
            WHERE startsWith(origin, {run:String}) GROUP BY origin`,
      params: { run: `http://${run}/` },
    });
    for (let index = 0; index < cuts; index++) {
      const what = `${statements[index % statements.length]} held for ${heldMs[index % heldMs.length]} ms (${index})`;
      const lines = linesOf(index);
      expect
        .soft(
          closed.find(({ origin }) => origin === `http://${run}/${index}`),
          what,
        )
        .toMatchObject({ times: 1, rows: lines });
      expect
        .soft(
          found.find(({ message }) => message === `${run} ${index}`),
          what,
        )
        .toMatchObject({ rows: lines, orphans: 0 });
    }
  });
});
