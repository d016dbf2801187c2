import { setTimeout as delay } from 'node:timers/promises';
import { quoteString } from '../engine/bound-parameter.ts';
import type { Engine } from '../engine/engine.ts';
import { EngineError } from '../engine/engine-error.ts';
import { quoteIdentifier } from '../schema/quote-identifier.ts';
import { type RetainedTable, recordExpiration, retainedTables } from '../store/retention.ts';
import { newBatchId } from './batch-id.ts';
import { writeEvent } from './events.ts';
import type { ExpiringRows } from './expiring-rows.ts';

/** What retention has deleted of a table since its records begin. */
export interface Deleted {
  readonly table: RetainedTable;
  readonly rows: number;
  readonly bytes: number;
}

/**
 * Deletes rows, whole parts first, and records each before and after: a process that is killed in between leaves records
 * that say `planned`, which the next call settles by what is there. Only one process may call it at a time.
 * @returns what this call deleted, by table
 * @throws EngineError; what was deleted until then is recorded
 */
export async function deleteExpired(engine: Engine, expiring: readonly ExpiringRows[]): Promise<Deleted[]> {
  await untilMutated(engine);
  await settlePlanned(engine);
  const due = expiring.filter(({ isHeld }) => !isHeld);
  if (due.length === 0) return [];
  const run = newBatchId();
  for (const table of retainedTables) {
    const own = due.filter((rows) => rows.table === table);
    if (own.length === 0) continue;
    await recordExpiration(engine, table, Math.max(...own.map(({ beforeMs }) => beforeMs)) - 1);
    try {
      for (const rows of own) if (rows.missingAt.length > 0) await tellUndelivered(engine, rows);
      await dropParts(
        engine,
        run,
        table,
        own.filter(({ isWhole }) => isWhole),
      );
      for (const rows of own) if (!rows.isWhole) await deleteOlder(engine, run, rows);
    } finally {
      await settlePlanned(engine);
    }
  }
  return readDeleted(engine, run);
}

/** Whether a process that was killed has left records of what it was about to delete. */
export async function hasPlanned(engine: Engine): Promise<boolean> {
  const [some] = await engine.rows({ sql: "SELECT 1 FROM deletions FINAL WHERE state = 'planned' LIMIT 1" });
  return some !== undefined;
}

/**
 * Whole partitions. Part by part and by name: rows that arrive meanwhile are in other parts, so that what is recorded is what is
 * deleted. All are recorded with one statement and dropped with few: each statement waits for the disk.
 */
async function dropParts(
  engine: Engine,
  run: string,
  table: RetainedTable,
  partitions: readonly ExpiringRows[],
): Promise<void> {
  if (partitions.length === 0) return;
  await engine.run({
    sql: `
      INSERT INTO deletions (run, at, table_name, partition, part, rule, is_undelivered, rows, bytes, before, state, sequence)
      WITH indexOf({partitions:Array(String)}, partition_id) AS nth
      SELECT
        {run:UInt64}, now64(3), table, partition_id, name, {rules:Array(String)}[nth], {undelivered:Array(Bool)}[nth], rows,
        bytes_on_disk, {before:Array(DateTime64(3))}[nth], 'planned', 0
      FROM system.parts
      WHERE database = currentDatabase() AND table = {table:String} AND nth > 0 AND active AND rows > 0`,
    params: {
      ...{ run, table },
      partitions: partitions.map(({ partition }) => partition),
      rules: partitions.map(({ rule }) => rule),
      undelivered: partitions.map(({ missingAt }) => missingAt.length > 0),
      before: partitions.map(({ beforeMs }) => new Date(beforeMs)),
    },
  });
  const planned = await engine.rows<{ part: string }>({
    sql: `SELECT part FROM deletions FINAL WHERE run = {run:UInt64} AND table_name = {table:String} AND state = 'planned'`,
    params: { run, table },
  });
  for (let at = 0; at < planned.length; at += partsAtOnce) {
    const parts = planned.slice(at, at + partsAtOnce).map(({ part }) => part);
    if (await dropAll(engine, table, parts)) continue;
    for (const part of parts) await dropAll(engine, table, [part]);
  }
}

/** @returns whether all of them were dropped: one may have been merged into another part, which the next run deletes */
async function dropAll(engine: Engine, table: RetainedTable, parts: readonly string[]): Promise<boolean> {
  try {
    const drops = parts.map((part) => `DROP PART ${quoteString(part)}`).join(', ');
    await engine.run({ sql: `ALTER TABLE ${quoteIdentifier(table)} ${drops}` });
    return true;
  } catch (cause) {
    if (cause instanceof EngineError && cause.clickhouseCode === noSuchPart) return false;
    throw cause;
  }
}

/** Of one statement. */
const partsAtOnce = 100;
const noSuchPart = 232;

async function deleteOlder(engine: Engine, run: string, rows: ExpiringRows): Promise<void> {
  const { table, partition, rule, beforeMs, missingAt } = rows;
  const before = new Date(beforeMs);
  await engine.run({
    sql: `
      INSERT INTO deletions (run, at, table_name, partition, part, rule, is_undelivered, rows, bytes, before, state, sequence)
      SELECT {run:UInt64}, now64(3), {table:String}, {partition:String}, '', {rule:String}, {undelivered:Bool}, count(), 0, {before:DateTime64(3)}, 'planned', 0
      FROM ${quoteIdentifier(table)}
      WHERE _partition_id = {partition:String} AND at < {before:DateTime64(3)}`,
    params: { run, table, partition, rule, undelivered: missingAt.length > 0, before },
  });
  await engine.run({
    sql: `ALTER TABLE ${quoteIdentifier(table)} DELETE IN PARTITION ID {partition:String} WHERE at < {before:DateTime64(3)}`,
    params: { partition, before },
    settings: { mutations_sync: 2 },
  });
}

/** Decides of what was planned whether it is gone: a part is there if a part has its blocks. */
async function settlePlanned(engine: Engine): Promise<void> {
  const columns = 'run, at, table_name, partition, part, rule, is_undelivered, rows, bytes, before';
  const name = `splitByChar('_', part)`;
  await engine.run({
    sql: `
      INSERT INTO deletions (${columns}, state, sequence)
      WITH
        (
          SELECT groupArray((table, partition_id, min_block_number, max_block_number))
          FROM system.parts
          WHERE database = currentDatabase() AND active AND rows > 0 AND table IN {tables:Array(String)}
        ) AS present,
        (
          SELECT groupArray((id, oldest)) FROM (SELECT _partition_id AS id, min(at) AS oldest FROM rejects GROUP BY id)
        ) AS rejected
      SELECT
        ${columns},
        if(
          if(
            part = '',
            arrayExists(p -> p.1 = partition AND p.2 < before, rejected),
            arrayExists(p -> p.1 = table_name AND p.2 = partition AND p.3 <= toInt64(${name}[2]) AND p.4 >= toInt64(${name}[3]), present)
          ),
          'kept',
          'deleted'
        ) AS outcome,
        1
      FROM deletions FINAL
      WHERE state = 'planned'`,
    params: { tables: retainedTables },
  });
}

const lookMs = 100;
const mutatedWithinMs = 300_000;

/**
 * The engine goes on by itself with a deletion of rows that a killed process had begun. Until it has, nobody can count what is left.
 */
async function untilMutated(engine: Engine): Promise<void> {
  for (const endMs = Date.now() + mutatedWithinMs; ; await delay(lookMs)) {
    const [open] = await engine.rows<{ name: string }>({
      sql: `SELECT table AS name FROM system.mutations
            WHERE database = currentDatabase() AND table IN {tables:Array(String)} AND NOT is_done LIMIT 1`,
      params: { tables: retainedTables },
    });
    if (!open) return;
    if (Date.now() > endMs) throw stillMutated(open.name);
  }
}

function stillMutated(table: string): EngineError {
  const message =
    `cannot count what is deleted: the engine has not ended an earlier deletion from ${table}; see system.mutations, and run the ` +
    'command again later';
  return new EngineError('TAILRACE_STORE_UNAVAILABLE', message, { retryable: true });
}

/** By table; of one run, or of all. */
export function readDeleted(engine: Engine, run?: string): Promise<Deleted[]> {
  return engine.rows<Deleted>({
    sql: `
      SELECT toString(table_name) AS table, sum(rows) AS rows, sum(bytes) AS bytes
      FROM deletions FINAL
      WHERE state = 'deleted' ${run === undefined ? '' : 'AND run = {run:UInt64}'}
      GROUP BY table
      ORDER BY table`,
    params: { run },
  });
}

function tellUndelivered(engine: Engine, { table, partition, rows, missingAt }: ExpiringRows): Promise<void> {
  return writeEvent(engine, {
    name: 'undelivered_deleted',
    origin: `${table} ${partition}`,
    batch: '0',
    detail: `${rows} rows; not all of them were delivered to ${missingAt.join(', ')}, which was waited for`,
  });
}
