import { afterAll, beforeAll, expect, test } from 'vitest';
import type { Engine, Statement } from '../engine/engine.ts';
import type { Settings } from '../engine/statement-settings.ts';
import { ScratchStore } from '../pipeline/test-doubles/scratch-store.ts';
import { findDamage } from '../store/find-damage.ts';
import { findLedgerLoss, markLedger, readLedgerState } from '../store/ledger-mark.ts';
import { isClosed } from './close-batch.ts';
import { newestBatch } from './newest-batch.ts';
import { unfinishedBatches, unfinishedUnderLease, writePlan } from './plans.ts';
import { recallLayout } from './recall-layout.ts';
import { knownVersions, lastVersions } from './stored-versions.ts';
import { compareBatches } from './verify/compare-batches.ts';

const batches = 1_000_000;
/** Some hours at two batches a second. */
const mostRowsRead = 200_000;
const shard = (number: number) => `kinesis://eu-west-1/edge/shardId-00000000000${number}`;

/** Ids of batches that start half a second apart. */
const id = `bitShiftLeft(toUInt64(186000000000 + number * 500), 22)`;
const object = `
  ${id} AS batch, 1 AS object, concat('kinesis://eu-west-1/edge/shardId-00000000000', toString(number % 4)) AS origin,
  leftPad(toString(number), 56, '4') AS version`;

let scratch: ScratchStore;
let engine: Engine;

beforeAll(async () => {
  scratch = await ScratchStore.open();
  const { store } = scratch;
  const isOpen = 'number IN (100, 101)';
  const columns = 'batch, object, origin, version';
  const insert = (table: string, where: string) =>
    store.engine.run({
      sql: `INSERT INTO ${table} (${columns}) SELECT ${object} FROM numbers(${batches}) WHERE ${where}`,
    });
  await insert('plans', 'true');
  await insert('ledger', `NOT ${isOpen}`);
  await store.engine.run({
    sql: `ALTER TABLE plans UPDATE is_leased = true WHERE batch = (SELECT ${id} FROM numbers(101, 1))`,
    settings: { mutations_sync: 2 },
  });
  await markLedger(store.engine);
  engine = engineWith({ max_rows_to_read: mostRowsRead });
});

afterAll(() => scratch?.close());

/** An engine whose statements fail beyond these limits. */
function engineWith(limits: Settings): Engine {
  const limited = (statement: Statement) => ({ ...statement, settings: { ...statement.settings, ...limits } });
  return new Proxy(scratch.store.engine, {
    get(target, name) {
      if (name === 'run') return (statement: Statement) => target.run(limited(statement));
      if (name === 'rows') return (statement: Statement) => target.rows(limited(statement));
      const value: unknown = Reflect.get(target, name);
      return typeof value === 'function' ? value.bind(target) : value;
    },
  });
}

async function batchOf(number: number): Promise<string> {
  const [row] = await scratch.store.engine.rows<{ id: string }>({
    sql: `SELECT toString(${id}) AS id FROM numbers({number:UInt64}, 1)`,
    params: { number },
  });
  return row?.id ?? '';
}

test('unfinished batches are found without reading the closed ones', async () => {
  expect(await unfinishedBatches(engine)).toEqual([await batchOf(100)]);
  expect(await unfinishedUnderLease(engine, [shard(101 % 4)])).toMatchObject([{ batch: await batchOf(101) }]);
  expect(await unfinishedUnderLease(engine, [shard(2)])).toEqual([]);
  expect(await isClosed(engine, await batchOf(99))).toBe(true);
  expect(await isClosed(engine, await batchOf(100))).toBe(false);
  expect(await newestBatch(engine)).toBe(await batchOf(batches - 1));
});

test('a batch that is older than the mark is not planned', async () => {
  const object = { origin: shard(0), version: 'late', layout: '', bytes: 0, fromLine: 0 };
  const owner = { worker: '', pipeline: '', isLeased: false };
  await writePlan(engine, String(BigInt(await batchOf(50)) + 1n), [object], owner);
  await writePlan(engine, await batchOf(batches), [object], owner);
  expect((await unfinishedBatches(engine)).toSorted()).toEqual([await batchOf(100), await batchOf(batches)]);
});

test('the position of a stream is found without reading its history', async () => {
  const versions = await lastVersions(engine, 'kinesis://eu-west-1/edge/');
  expect(versions.get(shard(3))).toMatch(/^4+999999$/);
  expect(versions.size).toBe(4);
  expect(await recallLayout(engine, shard(3))).toBeUndefined();
  const version = versions.get(shard(3)) ?? '';
  expect((await knownVersions(engine, [{ origin: shard(3), version }])).size).toBe(1);
});

test('totals are read without reading the ledger', async () => {
  const sql = `SELECT count() AS objects, sum(lines), sum(rows), sum(rejected), sum(comments), sum(excluded), sum(bytes), max(stored_at)
               FROM ledger`;
  expect(await engine.rows({ sql })).toMatchObject([{ objects: batches - 2 }]);
});

test('a check for damage does not read the ledger', async () => {
  expect(await findDamage(engine, 'in use')).toEqual([]);
  await markLedger(engine);
  await scratch.store.engine.run({
    sql: `ALTER TABLE ledger DELETE WHERE batch = {batch:UInt64}`,
    params: { batch: await batchOf(500) },
    settings: { mutations_sync: 2 },
  });
  expect(findLedgerLoss({ ...(await readLedgerState(engine)), detached: [] })).toBe(
    `1 of ${batches - 2} objects are missing`,
  );
});

test('ledger and tables are compared by batch only where they differ', async () => {
  const [surplus, lacking] = [await batchOf(7), String(BigInt(await batchOf(8)) + 1n)];
  expect(await compareBatches(engineWith({ max_memory_usage: 130_000_000 }), [])).toEqual([]);
  await scratch.store.engine.run({
    sql: `INSERT INTO requests (time, batch) VALUES ('2026-03-01 10:00:00', ${surplus})`,
  });
  await scratch.store.engine.run({ sql: `INSERT INTO ledger (batch, object, rows) VALUES (${lacking}, 1, 1)` });
  expect(await compareBatches(engineWith({ max_memory_usage: 130_000_000 }), [])).toMatchObject([
    { batch: surplus, table: 'requests', promised: 0, found: 1 },
    { batch: lacking, table: 'requests', promised: 1, found: 0 },
  ]);
});
