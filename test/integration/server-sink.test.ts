import { mkdtempSync, rmSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { afterAll, beforeAll, describe, expect, it } from 'vitest';
import { recoverBatches } from '../../src/ledger/recover-batches.ts';
import { openSink, type StoreSink } from '../../src/pipeline/open-sink.ts';
import type { Delivery } from '../../src/sources/source.ts';
import { openStore, type Store } from '../../src/store/open-store.ts';

const url = process.env.TAILRACE_TEST_CLICKHOUSE_URL;
if (!url) console.info('skipped test/integration/server-sink: set TAILRACE_TEST_CLICKHOUSE_URL');

/** What many workers rely on, on the oldest supported server; the embedded engine has its own tests. */
describe.skipIf(!url)('a sink into a ClickHouse server', () => {
  /** The server keeps what earlier runs stored. */
  const origin = `kinesis://us-east-1/server-sink-${Date.now()}/shardId-000000000000`;
  let directory: string;
  let store: Store;
  let sink: StoreSink;

  beforeAll(async () => {
    directory = mkdtempSync(join(tmpdir(), 'tailrace-server-sink-'));
    store = await openStore({ url: url ?? '' });
    sink = openSink(store, { spoolDirectory: join(directory, 'spool') });
  });

  afterAll(async () => {
    await sink?.close();
    await store?.close();
    rmSync(directory, { recursive: true, force: true });
  });

  function delivery(version: string, message: string): Delivery {
    const text = `${JSON.stringify({ level: 'info', message, request_id: `${origin}${version}` })}\n`;
    return { origin, version, content: { kind: 'lines', chunks: [Buffer.from(text)] } };
  }

  async function rowsOf(version: string): Promise<number> {
    const [row] = await store.engine.rows<{ count: number }>({
      sql: 'SELECT count() AS count FROM logs WHERE request_id = {id:String}',
      params: { id: `${origin}${version}` },
    });
    return row?.count ?? -1;
  }

  it('stores each delivery once', async () => {
    const [first] = await sink.store([delivery('1-1', 'hello')]);
    const [again] = await sink.store([delivery('1-1', 'hello')]);
    expect([first, again]).toMatchObject([{ known: false, rows: 1 }, { known: true }]);
    expect(await rowsOf('1-1')).toBe(1);
    expect((await sink.lastStored(origin)).get(origin)).toBe('1-1');
  });

  it('another worker that opens the store takes nothing away from what is being stored', async () => {
    const calls = Array.from({ length: 30 }, (_, n) => sink.store([delivery(`2-${n}`, 'meanwhile')]));
    const openings = [1, 2, 3].map(async () => (await openStore({ url: url ?? '' })).close());
    await Promise.all(openings);
    const receipts = (await Promise.all(calls)).flat();
    expect(receipts.map(({ rows, rejected }) => [rows, rejected])).toEqual(receipts.map(() => [1, 0]));
    for (let n = 0; n < 30; n += 7) expect(await rowsOf(`2-${n}`)).toBe(1);
  });

  it('whoever takes the lease over ends what was left: the committed batch is stored, any other taken back', async () => {
    const batches: string[] = [];
    for (const version of ['3-3', '4-4']) {
      const dying = openSink(
        { ...store, engine: withoutLedger(store) },
        { spoolDirectory: join(directory, `dying-${version}`) },
      );
      const commit = async (batch: string) => void batches.push(batch);
      dying.store([delivery(version, 'left')], { commit }).catch(() => {});
      await expect.poll(() => batches.length).toBe(version === '3-3' ? 1 : 2);
      await dying.close();
    }
    await recoverBatches(store.engine);
    expect([await rowsOf('3-3'), await rowsOf('4-4')]).toEqual([1, 1]);
    await sink.settle(await sink.unfinished([origin]), batches.slice(0, 1));
    expect([await rowsOf('3-3'), await rowsOf('4-4')]).toEqual([1, 0]);
    expect((await sink.lastStored(origin)).get(origin)).toBe('3-3');
  });
});

/** As if the process were killed right before it closes a batch. */
function withoutLedger({ engine }: Store): Store['engine'] {
  return new Proxy(engine, {
    get(target, name) {
      if (name === 'run') {
        return (statement: { sql: string }) =>
          statement.sql.includes('INSERT INTO ledger')
            ? Promise.reject(new Error('killed here'))
            : target.run(statement);
      }
      const value: unknown = Reflect.get(target, name);
      return typeof value === 'function' ? value.bind(target) : value;
    },
  });
}
