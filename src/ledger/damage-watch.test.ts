import { afterAll, beforeAll, beforeEach, expect, test } from 'vitest';
import type { Engine } from '../engine/engine.ts';
import { ingestFiles } from '../pipeline/ingest-files.ts';
import { header, ScratchStore } from '../pipeline/test-doubles/scratch-store.ts';
import { markLedger } from '../store/ledger-mark.ts';
import { type RetainedTable, type Retention, retainedTables } from '../store/retention.ts';
import { DamageWatch } from './damage-watch.ts';
import { deleteExpired } from './delete-expired.ts';
import { planRetention } from './expiring-rows.ts';
import { recoverBatches } from './recover-batches.ts';

let scratch: ScratchStore;
let engine: Engine;
let told: string[];
let watch: DamageWatch;

beforeAll(async () => {
  scratch = await ScratchStore.open();
  ({ engine } = scratch.store);
});

afterAll(async () => {
  await scratch?.close();
});

/** Ten rows of this year, ten of 2020, one rejected line; ten log lines. */
beforeEach(async () => {
  for (const table of ['requests', 'logs', 'rejects', 'tallies', 'plans', 'ledger', 'events', 'ledger_marks']) {
    await engine.run({ sql: `TRUNCATE TABLE ${table}` });
  }
  for (const table of ['corrections', 'expirations']) await engine.run({ sql: `TRUNCATE TABLE ${table}` });
  const today = new Date().toISOString().slice(0, 10);
  const line = (day: string) => `${day}\t10:00:00\tFRA56-P4\t1\t203.0.113.7\tGET\td1.cloudfront.net\t/\t200\tid\n`;
  const folder = scratch.folder();
  const paths = [
    scratch.file('now.log', `${header}${line(today).repeat(10)}`, folder),
    scratch.file('then.log', `${header}${line('2020-03-01').repeat(10)}no line of it\n`, folder),
    scratch.file('app.log', `{"level":"info","time":"${today}T10:00:00Z","msg":"once"}\n`.repeat(10), folder),
  ];
  const { failed, rows } = await ingestFiles(scratch.store, paths);
  expect({ failed, rows }).toEqual({ failed: [], rows: 30 });
  await recoverBatches(engine);
  told = [];
  watch = new DamageWatch(engine, (text) => told.push(text));
});

async function look(moment: 'opened' | 'in use' = 'opened'): Promise<readonly string[]> {
  await watch.look(moment);
  return watch.damage;
}

test('nothing is said of a store that is whole', async () => {
  expect(await look()).toEqual([]);
  expect(told).toEqual([]);
});

test.each([
  ['requests', "toDate(time) = '2020-03-01'", 'requests: 10 of 20 rows are missing'],
  ['logs', 'true', 'logs: 10 of 10 rows are missing'],
  ['rejects', 'true', 'rejects: 1 of 1 lines are missing'],
  ['ledger', "origin LIKE '%now.log'", 'ledger: 1 of 3 objects are missing'],
])('lines that are gone from %s are noticed', async (table, condition, damage) => {
  await engine.run({ sql: `ALTER TABLE ${table} DELETE WHERE ${condition}`, settings: { mutations_sync: 2 } });
  expect(await look('in use')).toEqual([damage]);
  expect(told).toHaveLength(1);
  expect(told[0]).toContain(damage);
});

test('rows that the ledger does not know are noticed', async () => {
  await engine.run({ sql: "INSERT INTO requests (time) VALUES ('2026-03-01 10:00:00')" });
  expect(await look()).toEqual(['requests: 1 more rows than the ledger has']);
  // Other workers may be storing.
  expect(await look('in use')).toEqual([]);
});

test('rows of a batch that is not closed yet are none of them', async () => {
  await engine.run({ sql: "INSERT INTO plans (batch, object, origin) VALUES (7, 1, 'a')" });
  await engine.run({ sql: "INSERT INTO requests (time, batch) VALUES ('2026-03-01 10:00:00', 7)" });
  expect(await look()).toEqual([]);
});

test('a ledger that lost entries stops whatever would store again what it has forgotten', async () => {
  await engine.run({ sql: "ALTER TABLE ledger DELETE WHERE origin LIKE '%now.log'", settings: { mutations_sync: 2 } });
  await expect(recoverBatches(engine)).rejects.toThrow(
    'cannot store anything: the ledger is damaged, 1 of 3 objects are missing; run "tailrace verify --repair"',
  );
  expect(await engine.rows({ sql: 'SELECT count() AS n FROM requests' })).toEqual([{ n: 20 }]);
});

test('a mark that is written after the loss does not hide it', async () => {
  await engine.run({ sql: "ALTER TABLE ledger DELETE WHERE origin LIKE '%now.log'", settings: { mutations_sync: 2 } });
  await markLedger(engine);
  expect(await look('in use')).toContain('ledger: 1 of 3 objects are missing');
  await expect(recoverBatches(engine)).rejects.toThrow('the ledger is damaged');
});

test('damage is an event, and told once', async () => {
  await engine.run({ sql: 'TRUNCATE TABLE logs' });
  await look();
  await look();
  const again = new DamageWatch(engine, () => {});
  await again.look('opened');
  expect(told).toHaveLength(1);
  expect(await engine.rows({ sql: 'SELECT name, detail FROM events' })).toEqual([
    { name: 'store_damaged', detail: 'logs: 10 of 10 rows are missing' },
  ]);
});

const monthSeconds = 30 * 86_400;

/** Keeps a month of these tables. */
async function retain(...tables: readonly RetainedTable[]): Promise<void> {
  const lifetime = (table: RetainedTable) => ({ seconds: tables.includes(table) ? monthSeconds : null, bytes: null });
  const retention = Object.fromEntries(retainedTables.map((table) => [table, lifetime(table)])) as Retention;
  await deleteExpired(engine, (await planRetention(engine, retention, [])).expiring);
}

test('what retention deletes is not missing', async () => {
  await retain('requests');
  expect(await engine.rows({ sql: 'SELECT count() AS n FROM requests' })).toEqual([{ n: 10 }]);
  expect(await look()).toEqual([]);
});

test('what retention has left to be there is missed all the same', async () => {
  await retain('requests', 'logs', 'rejects');
  const settings = { mutations_sync: 2 };
  await engine.run({ sql: "ALTER TABLE requests DELETE WHERE toDate(time) > '2021-01-01'", settings });
  await engine.run({ sql: 'TRUNCATE TABLE logs' });
  await engine.run({ sql: 'TRUNCATE TABLE rejects' });
  expect(await look()).toEqual([
    'requests: 10 of 10 rows are missing',
    'logs: 10 of 10 rows are missing',
    'rejects: 1 of 1 lines are missing',
  ]);
});

test('what was written off is not missing', async () => {
  await engine.run({ sql: 'TRUNCATE TABLE logs' });
  await engine.run({ sql: "INSERT INTO corrections (table_name, lines) VALUES ('logs', -10)" });
  expect(await look()).toEqual([]);
});
