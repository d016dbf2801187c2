import { readFileSync } from 'node:fs';
import { mkdtemp, rm } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { expect, test } from 'vitest';
import type { Engine } from '../engine/engine.ts';
import { defaultLimits, openEngine } from '../engine/open-engine.ts';
import { logColumns } from '../schema/logs.ts';
import { endOfLifetimes } from './deletion-tables.ts';
import { edgeLocationSchema } from './edge-locations/edge-locations.ts';
import { ledgerProjections } from './ledger-projections.ts';
import { migrate } from './migrate.ts';
import { openStore } from './open-store.ts';
import { readWholeSince } from './retention.ts';
import { schema } from './schema.ts';
import { searchIndexes } from './search-indexes.ts';
import { upgrades } from './upgrades.ts';

const earlierLogColumns = Object.keys(logColumns).filter((name) => name !== 'time_from');

/** The parts of schema 2 that differ from the current one. */
const backToSchema2 = [
  `ALTER TABLE tallies ADD COLUMN at SimpleAggregateFunction(max, DateTime('UTC'))`,
  'ALTER TABLE tallies MODIFY TTL at + INTERVAL 1 DAY',
  `ALTER TABLE landing_to_tallies MODIFY QUERY
   SELECT batch, object, count() AS lines, now('UTC') AS at FROM landing GROUP BY batch, object`,
  `ALTER TABLE landing_logs_to_logs MODIFY QUERY SELECT ${earlierLogColumns.join(', ')} FROM landing_logs WHERE kind = 0`,
  'ALTER TABLE landing_logs DROP COLUMN time_from',
  'ALTER TABLE logs DROP COLUMN time_from',
  ...ledgerProjections.map(({ name }) => `ALTER TABLE ledger DROP PROJECTION ${name}`),
  'ALTER TABLE ledger DROP INDEX batch_range',
  'ALTER TABLE ledger_marks DROP COLUMN settled, DROP COLUMN open',
  'DROP TABLE taken_back',
  'DROP TABLE closing_attempts',
  'DROP TABLE lake_hours',
  ...['transitions', 'deliveries', 'evaluations', 'silences'].map((name) => `DROP TABLE alert_${name}`),
  'ALTER TABLE logs DROP PROJECTION contents',
  'ALTER TABLE ledger DROP COLUMN log_rows',
  'TRUNCATE TABLE schema_versions',
  'INSERT INTO schema_versions (version) SELECT 2',
  'DROP TABLE preparations',
];

const beforeDeletions = upgrades.indexOf(endOfLifetimes) + 1;
const insertLine = `INSERT INTO landing (batch, object, line, line_bytes, kind) SELECT 7, 1, 'a', 1, 2`;

test('a store of schema 2 is brought to this one, also when that was cut short', async () => {
  const today = await shapesOfNewStore();
  const directory = await mkdtemp(join(tmpdir(), 'tailrace-migrate-'));
  const onStore = async (work: (engine: Engine) => Promise<void>) => {
    const store = await openStore({ directory });
    await work(store.engine).finally(() => store.close());
  };
  try {
    await onStore(async (engine) => {
      for (const sql of backToSchema2) await engine.run({ sql });
      await engine.run({ sql: insertLine });
      await engine.run({ sql: `INSERT INTO landing_logs (message, time) VALUES ('earlier', 1)` });
    });
    await onStore(async (engine) => {
      await engine.run({ sql: 'ALTER TABLE schema_versions DELETE WHERE version > 4 SETTINGS mutations_sync = 2' });
      await engine.run({ sql: 'DROP TABLE preparations' });
    });
    await onStore(async (engine) => {
      await engine.run({ sql: insertLine });
      expect(await engine.rows({ sql: 'SELECT * EXCEPT headers FROM tallies FINAL' })).toMatchObject([
        {
          batch: 7,
          object: 1,
          lines: 2,
          content_bytes: 2,
          comments: 1,
          rejected: 0,
          first_time: null,
          last_time: null,
        },
      ]);
      const [{ definition = '' } = {}] = await engine.rows<{ definition: string }>({
        sql: `SELECT create_table_query AS definition FROM system.tables WHERE name = 'tallies'`,
      });
      expect(definition).not.toContain('TTL');
      expect(await shapes(engine)).toEqual(today);
      await engine.run({ sql: `INSERT INTO landing_logs (message, time, time_from) VALUES ('later', 2, 'event')` });
      expect(await engine.rows({ sql: 'SELECT message, time_from FROM logs ORDER BY time' })).toEqual([
        { message: 'earlier', time_from: '' },
        { message: 'later', time_from: 'event' },
      ]);
    });
  } finally {
    await rm(directory, { recursive: true, force: true });
  }
});

test('a store of schema 7 gets the tables that a new one has', async () => {
  const statements = readFileSync(new URL('testdata/schema-7.sql', import.meta.url), 'utf8')
    .trim()
    .split(/;\n\n?/);
  const upgraded = await onEngine(async (engine) => {
    for (const sql of statements.filter((text) => text !== '')) await engine.run({ sql });
    await engine.run({ sql: 'INSERT INTO schema_versions (version) SELECT 7' });
    await engine.run({ sql: `INSERT INTO ledger (batch, format, rows) SELECT 1, 'text', 5` });
    await engine.run({ sql: `INSERT INTO requests (time, request_id) VALUES ('2026-03-01', 'earlier')` });
    await migrate(engine);
    await indexesAreBuilt(engine);
    expect(await engine.rows({ sql: 'SELECT log_rows FROM ledger' })).toEqual([{ log_rows: 5 }]);
    return shapes(engine);
  });
  expect(upgraded).toEqual(await shapesOfNewStore());
});

test('what a lifetime of the table has deleted stays known, and it deletes nothing more', async () => {
  const upgraded = await onEngine(async (engine) => {
    await migrate(engine);
    await engine.run({ sql: 'ALTER TABLE requests MODIFY TTL toDateTime(time) + toIntervalSecond(2592000)' });
    await engine.run({ sql: 'DROP TABLE deletions' });
    await engine.run({ sql: `ALTER TABLE schema_versions DELETE WHERE true SETTINGS mutations_sync = 2` });
    await engine.run({
      sql: `INSERT INTO schema_versions (version) SELECT {v:UInt32}`,
      params: { v: beforeDeletions },
    });
    await migrate(engine);
    const since = new Date(Date.now() - 29 * 86_400_000).toISOString().slice(0, 10);
    expect(await readWholeSince(engine)).toEqual({ requests: since, logs: '1970-01-01', rejects: '1970-01-01' });
    return shapes(engine);
  });
  expect(upgraded).toEqual(await shapesOfNewStore());
});

/** Of rows that were there before: in the background, so that nobody waits for it. */
async function indexesAreBuilt(engine: Engine): Promise<void> {
  const sql = `
    SELECT name FROM system.data_skipping_indices
    WHERE table = 'requests' AND name IN {names:Array(String)} AND data_compressed_bytes > 0
    ORDER BY name`;
  const names = searchIndexes.map(({ name }) => name).toSorted();
  await expect
    .poll(() => engine.rows({ sql, params: { names } }), { timeout: 30_000 })
    .toEqual(names.map((name) => ({ name })));
}

/** The definitions of all tables that {@link migrate} creates. */
async function shapes(engine: Engine): Promise<Record<string, string>> {
  const names = [...schema, 'CREATE TABLE schema_versions'].flatMap(
    (statement) =>
      /^\s*CREATE (?:OR REPLACE )?(?:TABLE|VIEW|MATERIALIZED VIEW) (\w+)/.exec([statement].flat()[0] ?? '')?.[1] ?? [],
  );
  expect(names.length).toBeGreaterThan(20);
  const rows = await engine.rows<{ name: string; definition: string }>({
    sql: `SELECT name, create_table_query AS definition FROM system.tables WHERE name IN {names:Array(String)}`,
    params: { names },
  });
  return Object.fromEntries(rows.map(({ name, definition }) => [name, definition]));
}

function shapesOfNewStore(): Promise<Record<string, string>> {
  return onEngine(async (engine) => {
    await migrate(engine);
    return shapes(engine);
  });
}

async function onEngine<T>(work: (engine: Engine) => Promise<T>): Promise<T> {
  const directory = await mkdtemp(join(tmpdir(), 'tailrace-migrate-'));
  const engine = await openEngine({ directory }, { limits: defaultLimits });
  try {
    // Columns of `requests` look edge locations up.
    for (const statement of edgeLocationSchema()) await engine.run(statement);
    return await work(engine);
  } finally {
    await engine.close();
    await rm(directory, { recursive: true, force: true });
  }
}
