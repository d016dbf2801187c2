import type { Engine } from '../engine/engine.ts';
import { layoutId } from '../layouts/layout.ts';
import type { Books, FileInput } from './file-input.ts';
import { checkRoomToPurge } from './room-to-purge.ts';

/** Version of an object that is stored already. */
export interface StoredVersion {
  readonly origin: string;
  readonly version: string;
  readonly bytes: number;
  /** Number of the line after the last one that was received. */
  readonly untilLine: number;
}

/** What the ledger knows of these objects, latest first. */
export function storedVersions(engine: Engine, origins: readonly string[]): Promise<StoredVersion[]> {
  return engine.rows<StoredVersion>({
    sql: `
      SELECT origin, version, bytes, from_line + lines AS untilLine
      FROM ledger
      WHERE origin IN {origins:Array(String)}
      ORDER BY stored_at DESC`,
    params: { origins },
  });
}

/** Records what a batch is about to store. Must be durable before the first line of it is inserted. */
export async function writePlan(engine: Engine, batch: string, inputs: readonly FileInput[]): Promise<void> {
  const [first] = inputs;
  if (!first) return;
  await engine.run({
    sql: `
      INSERT INTO plans (batch, object, origin, version, layout, bytes, stated_bytes, from_line, planned_at)
      SELECT
        {batch:UInt64}, number + 1, {origins:Array(String)}[number + 1], {versions:Array(String)}[number + 1],
        {layout:String}, {bytes:Array(UInt64)}[number + 1], {stated:Array(Int64)}[number + 1],
        {from_lines:Array(UInt64)}[number + 1], now64(3)
      FROM numbers(length({origins:Array(String)}))`,
    params: {
      batch,
      layout: layoutId(first.layout),
      origins: inputs.map(({ file }) => file.path),
      versions: inputs.map(({ file }) => file.version),
      bytes: inputs.map(({ file }) => file.bytes),
      stated: inputs.map(({ file, fromLine }) => (fromLine === 0 ? (file.statedBytes ?? -1) : -1)),
      from_lines: inputs.map(({ fromLine }) => fromLine),
    },
  });
}

/**
 * Closes a batch: one ledger row an object, out of the plan and what was counted on the raw lines. From here on the
 * batch is stored; without this row it never was.
 */
export async function writeLedger(engine: Engine, batch: string, format: string): Promise<void> {
  await engine.run({
    sql: `
      INSERT INTO ledger
        (batch, object, origin, version, format, layout, bytes, content_bytes, from_line, lines, rows, rejected, comments,
         first_time, last_time, stored_at)
      SELECT
        p.batch, p.object, p.origin, p.version, {format:String}, p.layout, p.bytes, t.content_bytes, p.from_line,
        t.lines, t.lines - t.rejected - t.comments, t.rejected, t.comments,
        t.first_time, t.last_time, now64(3)
      FROM plans AS p LEFT JOIN (${talliesOfBatch}) AS t ON p.object = t.object
      WHERE p.batch = {batch:UInt64}`,
    params: { batch, format },
  });
}

/** Whether a batch is closed: then it is stored, whatever the statement that closed it came back with. */
export async function isClosed(engine: Engine, batch: string): Promise<boolean> {
  const [found] = await engine.rows<{ closed: number }>({
    sql: 'SELECT count() > 0 AS closed FROM ledger WHERE batch = {batch:UInt64}',
    params: { batch },
  });
  return Boolean(found?.closed);
}

/** What the tables really hold of a batch, beside what came in. */
export interface BatchCount extends Books {
  readonly storedRows: number;
  readonly storedRejects: number;
}

export async function countBatch(engine: Engine, batch: string): Promise<BatchCount> {
  const [count] = await engine.rows<BatchCount>({
    sql: `
      SELECT
        sum(lines) AS lines, sum(comments) AS comments, sum(rejected) AS rejected,
        lines - comments - rejected AS rows,
        (SELECT count() FROM requests WHERE batch = {batch:UInt64}) AS storedRows,
        (SELECT count() FROM rejects WHERE batch = {batch:UInt64}) AS storedRejects
      FROM tallies
      WHERE batch = {batch:UInt64}`,
    params: { batch },
  });
  return count ?? { lines: 0, rows: 0, rejected: 0, comments: 0, storedRows: 0, storedRejects: 0 };
}

/** Objects of which the engine read another number of bytes than the file states. 1-based numbers. */
export async function objectsOfOtherSize(engine: Engine, batch: string): Promise<{ object: number; read: number }[]> {
  // A last line without a newline counts one byte more; gzip states its size modulo 2^32.
  return engine.rows({
    sql: `
      SELECT p.object AS object, t.content_bytes AS read
      FROM plans AS p LEFT JOIN (${talliesOfBatch}) AS t ON p.object = t.object
      WHERE p.batch = {batch:UInt64} AND p.stated_bytes >= 0
        AND bitAnd(toInt64(t.content_bytes) - p.stated_bytes, 4294967295) NOT IN (0, 1)
      ORDER BY object`,
    params: { batch },
  });
}

/** Objects that hold a `#Fields` line which names other columns than the layout. 1-based numbers. */
export async function objectsWithOtherColumns(engine: Engine, batch: string, columns: string): Promise<number[]> {
  const rows = await engine.rows<{ object: number }>({
    sql: `
      SELECT object
      FROM (${talliesOfBatch})
      WHERE arrayExists(header -> header != cityHash64({columns:String}), headers)
      ORDER BY object`,
    params: { batch, columns },
  });
  return rows.map(({ object }) => object);
}

/** Objects of which lines were rejected for a reason. 1-based numbers. */
export async function objectsWithReject(engine: Engine, batch: string, reason: string): Promise<number[]> {
  const rows = await engine.rows<{ object: number }>({
    sql: `
      SELECT object
      FROM plans
      WHERE batch = {batch:UInt64}
        AND origin IN (SELECT origin FROM rejects WHERE batch = {batch:UInt64} AND reason = {reason:String})
      ORDER BY object`,
    params: { batch, reason },
  });
  return rows.map(({ object }) => object);
}

/** Batches that were planned and never closed: the process died, or could not clean up. */
export async function unfinishedBatches(engine: Engine): Promise<string[]> {
  const rows = await engine.rows<{ id: string }>({
    sql: 'SELECT DISTINCT toString(batch) AS id FROM plans WHERE batch NOT IN (SELECT batch FROM ledger)',
  });
  return rows.map(({ id }) => id);
}

/** From what the plan announced to the plan itself, which goes last: a deletion that is cut short is begun again. */
const purgedTables = ['requests', 'rejects', 'tallies', 'header_lines', 'plans'];

/**
 * Takes back whatever was stored of batches that did not come to their end.
 * @throws EngineError `TAILRACE_DISK_FULL` when there is no room for it; nothing was begun then
 */
export async function purgeBatches(engine: Engine, batches: readonly string[]): Promise<void> {
  if (batches.length === 0) return;
  await checkRoomToPurge(engine, purgedTables);
  for (const table of purgedTables) {
    await engine.run({
      sql: `ALTER TABLE ${table} DELETE WHERE batch IN {batches:Array(UInt64)}`,
      params: { batches: batches.map(BigInt) },
      settings: { mutations_sync: 2 },
    });
  }
}

const talliesOfBatch = `
  SELECT
    object, sum(lines) AS lines, sum(content_bytes) AS content_bytes, sum(comments) AS comments,
    sum(rejected) AS rejected, min(first_time) AS first_time, max(last_time) AS last_time,
    groupUniqArrayArray(headers) AS headers
  FROM tallies
  WHERE batch = {batch:UInt64}
  GROUP BY object`;
