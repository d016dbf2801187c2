import { afterEach, beforeEach, expect, test } from 'vitest';
import type { Engine } from '../engine/engine.ts';
import { deleteExpired } from '../ledger/delete-expired.ts';
import { planRetention } from '../ledger/expiring-rows.ts';
import { isSound, verifyStore } from '../ledger/verify/verify-store.ts';
import { ingestFiles } from '../pipeline/ingest-files.ts';
import { header, ScratchStore } from '../pipeline/test-doubles/scratch-store.ts';
import { RollupKeeper } from '../rollups/keep-rollups.ts';
import { type Retention, readWholeSince } from '../store/retention.ts';
import { rollupsByName } from '../store/rollup-tables.ts';
import { RetentionKeeper } from './retention-keeper.ts';
import { describeVerification } from './verify/describe-verification.ts';

let scratch: ScratchStore;
let engine: Engine;

const daySeconds = 86_400;
const forever = { seconds: null, bytes: null };
const allForever: Retention = { requests: forever, logs: forever, rejects: forever };
const daysAgo = (days: number) => new Date(Date.now() - days * daySeconds * 1000).toISOString().slice(0, 10);

/** Ten rows of each of six days, oldest first, the last of them today; a line that is rejected with each. */
beforeEach(async () => {
  scratch = await ScratchStore.open();
  ({ engine } = scratch.store);
  const line = (day: string) => `${day}\t10:00:00\tFRA56-P4\t1\t203.0.113.7\tGET\td1.cloudfront.net\t/\t200\tid\n`;
  const paths = [5, 4, 3, 2, 1, 0].map((days) =>
    scratch.file(`${days}.log`, `${header}${line(daysAgo(days)).repeat(10)}no line of it\n`),
  );
  expect(await ingestFiles(scratch.store, paths)).toMatchObject({ failed: [], rows: 60, rejected: 6 });
});

afterEach(() => scratch.close());

function keeperOf(retention: Partial<Retention>): RetentionKeeper {
  const worker = { id: 'one', isTrusted: () => true };
  return new RetentionKeeper({
    engine,
    worker,
    retention: { ...allForever, ...retention },
    waiters: [],
    isAlone: true,
  });
}

async function expectAccounts(): Promise<void> {
  const verified = await verifyStore(engine);
  expect(isSound(verified)).toBe(true);
  expect(verified.accounts.map(({ table, received, unrecorded }) => [table, received, unrecorded])).toEqual([
    ['requests', 60, 0],
    ['logs', 0, 0],
    ['rejects', 6, 0],
  ]);
  const [sums] = await engine.rows<{ received: number; kept: number; deleted: number }>({
    sql: `
      SELECT
        (SELECT sum(rows + rejected) FROM ledger) AS received,
        (SELECT count() FROM requests) + (SELECT count() FROM rejects) AS kept,
        (SELECT sum(rows) FROM deletions FINAL WHERE state = 'deleted') AS deleted`,
  });
  expect(sums?.received).toBe(66);
  expect((sums?.kept ?? 0) + (sums?.deleted ?? 0)).toBe(66);
}

const daysOf = async (table: string, time: string) =>
  (
    await engine.rows<{ day: string }>({
      sql: `SELECT DISTINCT toString(toDate(${time})) AS day FROM ${table} ORDER BY day`,
    })
  ).map(({ day }) => day);

test('days that are over for long enough are deleted, with their rollups, and counted', async () => {
  const rollups = new RollupKeeper(engine);
  await rollups.look();
  await rollups.look();
  const keeper = keeperOf({ requests: { seconds: 2 * daySeconds, bytes: null } });
  expect((await keeper.plan()).expiring).toMatchObject(
    [5, 4, 3].map((days) => ({
      table: 'requests',
      partition: daysAgo(days).replaceAll('-', ''),
      rows: 10,
      rule: 'age',
      isWhole: true,
      isHeld: false,
      oldestMs: Date.parse(`${daysAgo(days)}T10:00:00Z`),
    })),
  );
  expect(await keeper.look()).toEqual([{ table: 'requests', rows: 30, bytes: expect.any(Number) }]);
  expect(await daysOf('requests', 'time')).toEqual([2, 1, 0].map(daysAgo));
  for (const table of ['rollup_blocks', ...Object.values(rollupsByName).map((rollup) => rollup.table)]) {
    const days = await daysOf(table, 'start');
    expect(days.filter((day) => day < daysAgo(2))).toEqual([]);
    expect(days).toContain(daysAgo(1));
  }
  await expectAccounts();
  expect(describeVerification('shop', await verifyStore(engine))).toEqual([
    'shop: 30 rows and 6 rejected lines of 6 objects',
    'requests: 60 received = 30 stored + 30 deleted by retention',
    'everything is there',
  ]);
  expect(await keeper.look()).toEqual([]);
  expect(keeper.status).toMatchObject({ deleted: [{ table: 'requests', rows: 30 }], plan: { expiring: [] } });
});

test('a table that takes too much loses its oldest days, and never today', async () => {
  const { tables } = await keeperOf({}).plan();
  const bytes = tables.find(({ table }) => table === 'requests')?.bytes ?? 0;
  const half = keeperOf({ requests: { seconds: null, bytes: Math.round(bytes / 2) } });
  await half.look();
  expect(await daysOf('requests', 'time')).toEqual([2, 1, 0].map(daysAgo));
  await keeperOf({ requests: { seconds: null, bytes: 1 } }).look();
  expect(await daysOf('requests', 'time')).toEqual([daysAgo(0)]);
  await expectAccounts();
});

test('of a month of rejects the days are deleted that are over', async () => {
  const later = Date.now() + 3 * daySeconds * 1000;
  await engine.run({
    sql: `INSERT INTO rejects SELECT * REPLACE (at + INTERVAL 2 DAY AS at, 'later' AS line) FROM rejects LIMIT 1`,
  });
  const retention = { ...allForever, rejects: { seconds: daySeconds, bytes: null } };
  const { expiring } = await planRetention(engine, retention, [], later);
  expect(await deleteExpired(engine, expiring)).toMatchObject([{ table: 'rejects', rows: 6 }]);
  expect(await engine.rows({ sql: 'SELECT line FROM rejects' })).toEqual([{ line: 'later' }]);
  expect((await readWholeSince(engine)).rejects).toBe(new Date(later - daySeconds * 1000).toISOString().slice(0, 10));
});

test('records of a process that was killed say in the end what is gone', async () => {
  const { expiring } = await keeperOf({ requests: { seconds: 2 * daySeconds, bytes: null } }).plan();
  await engine.run({
    sql: `
      INSERT INTO deletions (run, table_name, partition, part, rule, rows, state)
      SELECT 1, table, partition_id, name, 'age', rows, 'planned' FROM system.parts
      WHERE database = currentDatabase() AND table = 'requests' AND active AND partition_id IN {days:Array(String)}`,
    params: { days: expiring.map(({ partition }) => partition) },
  });
  const first = expiring[0]?.partition;
  const day = await engine.rows<{ name: string }>({
    sql: 'SELECT part AS name FROM deletions WHERE partition = {first:String}',
    params: { first },
  });
  for (const { name } of day)
    await engine.run({ sql: 'ALTER TABLE requests DROP PART {name:String}', params: { name } });
  await engine.run({ sql: `OPTIMIZE TABLE requests FINAL` });
  // Nothing is due any more.
  expect(await keeperOf({}).look()).toEqual([]);
  expect(
    await engine.rows({
      sql: `SELECT partition = {first:String} AS gone, state FROM deletions FINAL GROUP BY gone, state ORDER BY gone`,
      params: { first },
    }),
  ).toEqual([
    { gone: 0, state: 'kept' },
    { gone: 1, state: 'deleted' },
  ]);
});
