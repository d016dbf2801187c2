import { mkdtempSync, rmSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { afterAll, beforeAll, describe, expect, test, vi } from 'vitest';
import { createArchiveDestination } from '../../src/destinations/archive/archive-destination.ts';
import { type Prefix, parsePrefix } from '../../src/destinations/archive/prefix.ts';
import { Destinations } from '../../src/destinations/run-destinations.ts';
import { planRetention } from '../../src/ledger/expiring-rows.ts';
import { replayShipments } from '../../src/ledger/replay-shipments.ts';
import { startWorker, type Worker } from '../../src/ledger/worker.ts';
import { openSink, type StoreSink } from '../../src/pipeline/open-sink.ts';
import { openStore, type Store } from '../../src/store/open-store.ts';
import { patienceMs } from '../patience.ts';
import { readShippedRows } from '../shipped-rows.ts';

const url = process.env.TAILRACE_TEST_CLICKHOUSE_URL;
if (!url) console.warn('skipped: destinations of a ClickHouse server, because TAILRACE_TEST_CLICKHOUSE_URL is not set');

interface OneWorker {
  readonly store: Store;
  readonly worker: Worker;
  readonly sink: StoreSink;
}

describe.skipIf(!url)('destinations of several workers on a ClickHouse server', () => {
  const folder = mkdtempSync(join(tmpdir(), 'tailrace-shipped-'));
  const name = `out-${process.pid}-${Date.now()}`;
  const workers: OneWorker[] = [];
  beforeAll(async () => {
    for (const number of [0, 1]) {
      const store = await openStore({ url: url ?? '' });
      const worker = await startWorker(store.engine);
      const pipeline = `${name}-${number}`;
      const sink = openSink({ ...store, worker, pipeline }, { spoolDirectory: join(folder, `spool-${number}`) });
      workers.push({ store, worker, sink });
    }
  });
  afterAll(async () => {
    for (const { store, worker, sink } of workers) {
      await sink.close();
      worker.stop();
      await store.close();
    }
    rmSync(folder, { recursive: true, force: true });
  });

  const pipelines = [0, 1].map((number) => `${name}-${number}`);
  const start = (number: number) => {
    const { store, worker } = workers[number] as OneWorker;
    const create = () =>
      createArchiveDestination({
        ...{ to: { type: 'folder', path: join(folder, 'out') }, prefix: parsePrefix('') as Prefix },
        ...{ format: 'ndjson', compression: 'none', tables: ['logs'], spoolDirectory: join(folder, `spool-${number}`) },
      });
    return new Destinations({ engine: store.engine, worker, spoolDirectory: folder }, [
      { name, type: 'archive', from: 'now', pipelines, mask: {}, create },
    ]);
  };
  const send = async (number: number, text: string) => {
    const content = { kind: 'lines' as const, chunks: [Buffer.from(`{"message":"${text}"}\n`)] };
    await workers[number]?.sink.store([{ origin: `http://${name}`, version: text, content }]);
  };
  const shipped = () => readShippedRows(join(folder, 'out')).map(({ message }) => message);
  const eventually = (check: () => void) => vi.waitFor(check, { timeout: patienceMs, interval: 50 });

  test('one ships what all of them closed, and another takes over', async () => {
    const first = start(0);
    await eventually(() => expect(first.status()).toMatchObject([{ state: 'running' }]));
    const second = start(1);
    await eventually(() =>
      expect(second.status()).toMatchObject([{ state: 'standby', problem: expect.stringContaining('ships to it') }]),
    );
    await Promise.all([send(0, 'own'), send(1, 'of the other')]);
    await eventually(() => expect(shipped().sort()).toEqual(['of the other', 'own']));
    await first.stop();
    await send(1, 'after the change');
    await eventually(() => expect(shipped().sort()).toEqual(['after the change', 'of the other', 'own']));
    const { engine } = (workers[0] as OneWorker).store;
    // A batch is acknowledged after its file is there.
    const acknowledged = () =>
      engine.rows({
        sql: `SELECT count() AS count, uniqExact(batch) AS batches, max(attempt) AS attempts FROM shipments
              WHERE destination = {name:String} AND state = 'shipped'`,
        params: { name },
      });
    await expect.poll(acknowledged).toEqual([{ count: 3, batches: 3, attempts: 1 }]);
    // As if the destination had refused a row; what another process asks for is found by the one that ships.
    await engine.run({
      sql: `INSERT INTO shipments SELECT * REPLACE (attempt + 1 AS attempt, 1 AS refused) FROM shipments
            WHERE destination = {name:String} AND state = 'shipped' ORDER BY batch LIMIT 1`,
      params: { name },
    });
    const replay = () => replayShipments(engine, { destination: name }, { dryRun: false });
    expect(await replay()).toEqual({ batches: 1, dead: 0, refused: 1, rows: 1 });
    await expect.poll(acknowledged, { timeout: patienceMs }).toMatchObject([{ batches: 3, attempts: 4 }]);
    expect(await replay()).toMatchObject({ batches: 0 });
    expect(shipped()).toHaveLength(3);
    await second.stop();
    const [forever, century] = [null, 100 * 365 * 86_400].map((seconds) => ({ seconds, bytes: null }));
    if (!forever || !century) throw new Error('BUG: two lifetimes');
    const retention = { requests: forever, logs: century, rejects: forever };
    expect(await planRetention(engine, retention, [{ destination: name, pipelines }])).toMatchObject({ expiring: [] });
  });
});
