import { mkdtempSync, rmSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { afterAll, beforeAll, expect, test, vi } from 'vitest';
import { copyPreparedStore } from '../../test/prepared-store.ts';
import type { Engine, Statement } from '../engine/engine.ts';
import { openSink } from '../pipeline/open-sink.ts';
import type { Delivery } from '../sources/source.ts';
import { openStore, type Store } from '../store/open-store.ts';
import { unfinishedBatches } from './plans.ts';
import { recoverBatches } from './recover-batches.ts';
import { startWorker } from './worker.ts';

vi.mock('node:timers/promises', async (load) =>
  (await import('../pipeline/test-doubles/short-pauses.ts')).shortPauses(await load()),
);

let directory: string;
let store: Store;

beforeAll(async () => {
  directory = mkdtempSync(join(tmpdir(), 'tailrace-worker-'));
  store = await openStore({ directory: copyPreparedStore(join(directory, 'store')) });
});

afterAll(async () => {
  await store.close();
  rmSync(directory, { recursive: true, force: true });
});

/** The embedded engine as if other workers used its tables too. */
function sharedEngine(beforeRun: (statement: Statement, beatsEnded: () => Promise<unknown>) => Promise<void>): Engine {
  const beats = new Set<Promise<void>>();
  const engine: Engine = new Proxy(store.engine, {
    get(target, name) {
      if (name === 'kind') return 'server';
      if (name === 'run') {
        return async (statement: Statement) => {
          await beforeRun(statement, () => Promise.allSettled(beats));
          const running = target.run(statement);
          if (statement.sql.includes('INSERT INTO workers')) beats.add(running);
          await running;
        };
      }
      const value: unknown = Reflect.get(target, name);
      return typeof value === 'function' ? value.bind(target) : value;
    },
  });
  return engine;
}

/** Makes the store believe that its worker has been silent for long. */
async function passAMinute(): Promise<void> {
  const settings = { mutations_sync: 2 };
  await store.engine.run({ sql: 'ALTER TABLE workers DELETE WHERE true', settings });
  const sql = 'ALTER TABLE plans UPDATE planned_at = planned_at - INTERVAL 100 SECOND WHERE true';
  await store.engine.run({ sql, settings });
}

const message = '{"level":"info","time":1700000000000,"msg":"once"}\n';

function delivery(origin: string): Delivery {
  return { origin, version: '1', content: { kind: 'lines', chunks: [Buffer.from(message)] } };
}

test.each([
  ['and whose batch was taken back', true],
  ['and whose batch is about to be taken back', false],
])('a worker that was suspended before it closed, %s, stores it again', async (_, isTakenBack) => {
  const origin = `http://suspended/${isTakenBack}`;
  let suspended: Promise<void> | undefined;
  const suspend = async (beatsEnded: () => Promise<unknown>) => {
    await beatsEnded();
    await passAMinute();
    if (isTakenBack) expect(await recoverBatches(engine)).toBe(1);
  };
  const engine = sharedEngine(async ({ sql }, beatsEnded) => {
    // A suspended worker sends no heartbeat either.
    if (sql.includes('INSERT INTO workers')) await suspended;
    if (!sql.includes('INSERT INTO ledger') || suspended) return;
    suspended = suspend(beatsEnded);
    await suspended;
  });
  const worker = await startWorker(engine);
  const given = worker.id;
  const sink = openSink({ ...store, engine, worker }, { spoolDirectory: join(directory, 'spool') });
  const [receipt] = await sink.store([delivery(origin)]);
  expect(receipt).toMatchObject({ lines: 1, rows: 1 });
  expect(worker.id).not.toBe(given);
  expect(await recoverBatches(engine)).toBe(0);
  expect(await unfinishedBatches(store.engine)).toEqual([]);
  const stored = await store.engine.rows({
    sql: `
      SELECT (SELECT count() FROM ledger WHERE origin = {origin:String}) AS closed,
             (SELECT count() FROM logs WHERE batch IN (SELECT batch FROM ledger WHERE origin = {origin:String})) AS rows,
             (SELECT count() FROM logs WHERE batch NOT IN (SELECT batch FROM ledger)) AS orphans`,
    params: { origin },
  });
  expect(stored).toEqual([{ closed: 1, rows: 1, orphans: 0 }]);
  await sink.close();
  worker.stop();
});
