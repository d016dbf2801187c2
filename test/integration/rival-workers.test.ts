import { mkdtempSync, rmSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { setTimeout as pause } from 'node:timers/promises';
import { afterAll, beforeAll, describe, expect, it } from 'vitest';
import type { Engine, Statement } from '../../src/engine/engine.ts';
import { startWorker } from '../../src/ledger/worker.ts';
import { openSink, type StoreSink } from '../../src/pipeline/open-sink.ts';
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
        const engine = slowToClose(store.engine, { onPlanned: bothPlanned });
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
    expect(await countStored(origin)).toEqual({ closed: 1, rows: 1 });
    for (const { worker, sink } of workers) {
      await sink.close();
      worker.stop();
    }
  });

  it.each([
    { name: 'still runs', isLate: false },
    { name: 'arrives when the next owner closes it', isLate: true },
  ])('close a committed batch once, when the statement of the former owner of the lease $name', async ({ isLate }) => {
    const origin = `kinesis://rivals-${Date.now()}/shard`;
    const line = Buffer.from(`{"level":"info","msg":"${origin}"}\n`);
    const content = { kind: 'lines', chunks: [line] } as const;
    const bothClose = meeting(2);
    const [former, next] = stores.map((store, index) => {
      const engine = slowToClose(store.engine, isLate ? { closesWhen: bothClose } : {});
      return openSink({ ...store, engine }, { spoolDirectory: join(directory, `leased-${isLate}-${index}`) });
    }) as [StoreSink, StoreSink];
    let settling: Promise<void> | undefined;
    const commit = async (batch: string) => {
      // As the source does: until it is done.
      const settle = async (): Promise<void> => {
        await next.settle(await next.unfinished([origin]), [batch]).catch(() => pause(500).then(settle));
      };
      settling = settle();
    };
    await former.store([{ origin, version: '1', content }], { commit });
    await settling;
    expect(await countStored(origin)).toEqual({ closed: 1, rows: 1 });
    for (const sink of [former, next]) await sink.close();
  });

  async function countStored(origin: string): Promise<unknown> {
    const [found] = await (stores[0] as Store).engine.rows({
      sql: `
        SELECT (SELECT count() FROM ledger WHERE origin = {origin:String}) AS closed,
               (SELECT count() FROM logs WHERE message = {origin:String}) AS rows`,
      params: { origin },
    });
    return found;
  }
});

interface Delays {
  /** After a plan was written. */
  readonly onPlanned?: (() => Promise<void>) | undefined;
  /** Before a closing statement is sent. */
  readonly closesWhen?: (() => Promise<void>) | undefined;
}

/** An engine whose closing statements commit a second after they began. */
function slowToClose(engine: Engine, { onPlanned, closesWhen }: Delays): Engine {
  return new Proxy(engine, {
    get(target, name) {
      if (name !== 'run') {
        const value: unknown = Reflect.get(target, name);
        return typeof value === 'function' ? value.bind(target) : value;
      }
      return async (statement: Statement) => {
        const { sql } = statement;
        const isClosing = sql.includes('INSERT INTO ledger');
        if (isClosing) await closesWhen?.();
        await target.run(isClosing ? { ...statement, sql: endingLate(sql) } : statement);
        if (sql.includes('INSERT INTO plans')) await onPlanned?.();
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
