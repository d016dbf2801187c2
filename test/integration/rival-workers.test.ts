import { mkdtempSync, rmSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { afterAll, beforeAll, describe, expect, it } from 'vitest';
import type { Engine, Statement } from '../../src/engine/engine.ts';
import { startWorker } from '../../src/ledger/worker.ts';
import { openSink } from '../../src/pipeline/open-sink.ts';
import { openStore, type Store } from '../../src/store/open-store.ts';

const url = process.env.TAILRACE_TEST_CLICKHOUSE_URL;
if (!url) console.info('skipped test/integration/rival-workers: set TAILRACE_TEST_CLICKHOUSE_URL');

/** Two workers that take one object close its batches at the same moment, on the oldest supported server. */
describe.skipIf(!url)('two workers with the same object', () => {
  let directory: string;
  const stores: Store[] = [];

  beforeAll(async () => {
    directory = mkdtempSync(join(tmpdir(), 'tailrace-rivals-'));
    for (let count = 0; count < 2; count++) stores.push(await openStore({ url: url ?? '' }));
  });

  afterAll(async () => {
    for (const store of stores) await store.close();
    rmSync(directory, { recursive: true, force: true });
  });

  it('store it once, although neither sees the other closing', async () => {
    const origin = `s3://rivals-${Date.now()}/object`;
    const line = Buffer.from(`{"level":"info","msg":"${origin}"}\n`);
    const bothPlanned = meeting(2);
    const workers = await Promise.all(
      stores.map(async (store, index) => {
        const engine = slowToClose(store.engine, bothPlanned);
        const worker = await startWorker(engine);
        const spoolDirectory = join(directory, `spool-${index}`);
        return { worker, sink: openSink({ ...store, engine, worker }, { spoolDirectory }) };
      }),
    );
    const receipts = await Promise.all(
      workers.map(({ sink }) => sink.store([{ origin, version: '1', content: { kind: 'lines', chunks: [line] } }])),
    );
    expect(
      receipts
        .flat()
        .map(({ known }) => known)
        .toSorted(),
    ).toEqual([false, true]);
    const [found] = await (stores[0] as Store).engine.rows({
      sql: `
        SELECT (SELECT count() FROM ledger WHERE origin = {origin:String}) AS closed,
               (SELECT count() FROM logs WHERE message = {origin:String}) AS rows`,
      params: { origin },
    });
    expect(found).toEqual({ closed: 1, rows: 1 });
    for (const { worker, sink } of workers) {
      await sink.close();
      worker.stop();
    }
  });
});

/** An engine that waits until both workers have planned; its closing statements commit a second after they began. */
function slowToClose(engine: Engine, bothPlanned: () => Promise<void>): Engine {
  return new Proxy(engine, {
    get(target, name) {
      if (name !== 'run') {
        const value: unknown = Reflect.get(target, name);
        return typeof value === 'function' ? value.bind(target) : value;
      }
      return async (statement: Statement) => {
        const { sql } = statement;
        await target.run(sql.includes('INSERT INTO ledger') ? { ...statement, sql: endingLate(sql) } : statement);
        if (sql.includes('INSERT INTO plans')) await bothPlanned();
      };
    },
  });
}

/** Resolves when it was called so many times; later calls resolve at once. */
function meeting(expected: number): () => Promise<void> {
  let arrive = () => {};
  const all = new Promise<void>((resolve) => {
    arrive = resolve;
  });
  let arrived = 0;
  return () => {
    if (++arrived === expected) arrive();
    return all;
  };
}

/** An INSERT that waits when it has read everything. Behind a LIMIT only the rows to insert cost a second each. */
function endingLate(sql: string): string {
  const from = sql.indexOf('SELECT');
  return `${sql.slice(0, from)} SELECT * FROM (${sql.slice(from)} LIMIT 1000000) WHERE sleepEachRow(1) = 0`;
}
