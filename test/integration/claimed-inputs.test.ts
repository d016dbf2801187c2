import { afterAll, beforeAll, describe, expect, test } from 'vitest';
import { type Claim, claimInput } from '../../src/ledger/claim-input.ts';
import { startWorker, type Worker } from '../../src/ledger/worker.ts';
import { openStore, type Store } from '../../src/store/open-store.ts';

const url = process.env.TAILRACE_TEST_CLICKHOUSE_URL;
if (!url) console.warn('skipped: claims in a ClickHouse server, because TAILRACE_TEST_CLICKHOUSE_URL is not set');

interface OneWorker {
  readonly store: Store;
  readonly worker: Worker;
}

describe.skipIf(!url)('inputs that one worker may read, in a ClickHouse server', () => {
  const workers: OneWorker[] = [];
  beforeAll(async () => {
    for (let number = 0; number < 3; number++) {
      const store = await openStore({ url: url ?? '' });
      workers.push({ store, worker: await startWorker(store.engine) });
    }
  });
  afterAll(async () => {
    for (const { store, worker } of workers) {
      worker.stop();
      await store.close();
    }
  });

  const claim = (index: number, input: string): Promise<Claim> => {
    const { store, worker } = workers[index] as OneWorker;
    return claimInput({ engine: store.engine, worker, pipeline: 'edge' }, input);
  };
  const newInput = () => `kinesis://us-east-1/test-${process.pid}-${Math.random()}/`;

  test('the second is refused, and gets it when the first frees it', async () => {
    const input = newInput();
    const first = await claim(0, input);
    await expect(claim(1, input)).rejects.toThrow(/a worker on host ".*" reads it.*; for several at once, set leases/);
    await first.release();
    const second = await claim(1, input);
    expect(second.worker?.id).toBe((workers[1] as OneWorker).worker.id);
    await second.release();
  });

  test('of three that claim at the same moment never two get it, and one soon does', async () => {
    let gotten = 0;
    for (let round = 0; round < 10; round++) {
      const input = newInput();
      const results = await Promise.allSettled([0, 1, 2].map((index) => claim(index, input)));
      const claims = results.flatMap((result) => (result.status === 'fulfilled' ? [result.value] : []));
      expect(claims.length).toBeLessThanOrEqual(1);
      gotten += claims.length;
      for (const held of claims) await held.release();
    }
    expect(gotten).toBeGreaterThan(0);
  });

  test('a dead worker keeps nobody from it, and one that was given up loses it and closes nothing of it', async () => {
    const input = newInput();
    const { store } = workers[0] as OneWorker;
    let id = 'silent-worker';
    const silent = {
      get id() {
        return id;
      },
      isTrusted: () => true,
    };
    const seen = (secondsAgo: number) =>
      store.engine.run({
        sql: `INSERT INTO workers SELECT {id:String}, now64(3) - toIntervalSecond({ago:UInt32})`,
        params: { id, ago: secondsAgo },
      });
    id = `silent-${process.pid}-${Math.random()}`;
    await seen(0);
    const held = await claimInput({ engine: store.engine, worker: silent, pipeline: 'edge' }, input);
    await expect(claim(1, input)).rejects.toThrow('reads it');
    const sql = 'ALTER TABLE workers DELETE WHERE worker = {id:String}';
    await store.engine.run({ sql, params: { id }, settings: { mutations_sync: 2 } });
    await seen(61);
    const next = await claim(1, input);
    expect([held.lost.aborted, held.worker?.isTrusted()]).toEqual([false, true]);
    const before = id;
    id = 'another-name';
    expect(held.worker).toMatchObject({ id: before });
    expect(held.worker?.isTrusted()).toBe(false);
    await expect.poll(() => held.lost.aborted).toBe(true);
    await held.release();
    await next.release();
  });
});
