import type { Engine } from '../engine/engine.ts';
import { makesOtherLines } from '../layouts/opening/opening-step.ts';
import { batchLayoutId, isRefused } from './batch-layout.ts';
import { type Books, type FileInput, readFileOf } from './file-input.ts';
import { checkRoomToPurge } from './room-to-purge.ts';
import { isRecent, trustedWorkers } from './worker.ts';

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
      ORDER BY batch DESC`,
    params: { origins },
  });
}

/** Records what a batch is about to store. Must be durable before the first line of it is inserted. */
export async function writePlan(
  engine: Engine,
  batch: string,
  inputs: readonly FileInput[],
  { worker, isLeased, pipeline }: PlanOwner,
): Promise<void> {
  await engine.run({
    sql: `
      INSERT INTO plans
        (batch, object, origin, version, layout, bytes, stated_bytes, from_line, planned_at, worker, is_leased, pipeline)
      SELECT
        {batch:UInt64}, number + 1, {origins:Array(String)}[number + 1], {versions:Array(String)}[number + 1],
        {layouts:Array(String)}[number + 1], {bytes:Array(UInt64)}[number + 1], {stated:Array(Int64)}[number + 1],
        {from_lines:Array(UInt64)}[number + 1], now64(3), {worker:String}, {is_leased:Bool},
        {pipeline:String}
      FROM numbers(length({origins:Array(String)}))`,
    params: {
      batch,
      worker,
      pipeline,
      is_leased: isLeased,
      layouts: inputs.map(({ layout }) => batchLayoutId(layout)),
      origins: inputs.map(({ origin }) => origin),
      versions: inputs.map(({ version }) => version),
      bytes: inputs.map(({ file }) => file.bytes),
      stated: inputs.map((input) =>
        input.fromLine === 0 &&
        !input.isEnveloped &&
        !(!isRefused(input.layout) && makesOtherLines(input.layout.opening))
          ? (readFileOf(input).statedBytes ?? -1)
          : -1,
      ),
      from_lines: inputs.map(({ fromLine }) => fromLine),
    },
  });
}

/** Who answers for a batch that did not come to its end. */
export interface PlanOwner {
  /** The process that stores it. */
  readonly worker: string;
  /** As in the configuration; empty outside of pipelines. */
  readonly pipeline: string;
  /** Whether the one who takes over the origin's lease decides about it, and nobody else. */
  readonly isLeased: boolean;
}

/**
 * Closes a batch: one ledger row an object, out of the plan and what was counted on the raw lines. From here on the
 * batch is stored; without this row it never was. Does nothing where others may be taking the batch back.
 */
export function writeLedger(engine: Engine, batch: string): Promise<void> {
  const isOurs = `${engine.kind === 'embedded'} OR p.is_leased OR p.worker = '' OR p.worker IN (${trustedWorkers})`;
  return closeBatches(engine, [batch], isOurs);
}

/**
 * Writes the ledger rows of batches that were closed before and have none any more.
 * @param batches complete ones, of which no worker is storing any
 */
export function rewriteLedger(engine: Engine, batches: readonly string[]): Promise<void> {
  return closeBatches(engine, batches, 'true');
}

async function closeBatches(engine: Engine, batches: readonly string[], condition: string): Promise<void> {
  await engine.run({
    sql: `
      INSERT INTO ledger
        (batch, object, origin, version, format, layout, bytes, content_bytes, from_line, lines, rows, log_rows, rejected, comments, excluded,
         first_time, last_time, stored_at, pipeline)
      SELECT
        p.batch, p.object, p.origin, p.version, if(f.format = '', 'unknown', f.format), p.layout, p.bytes, t.content_bytes, p.from_line,
        t.lines, t.lines - t.rejected - t.comments - t.excluded, t.log_rows, t.rejected, t.comments, t.excluded,
        t.first_time, t.last_time, now64(3), p.pipeline
      FROM plans AS p
      LEFT JOIN (${talliesOf('{batches:Array(UInt64)}')}) AS t ON p.batch = t.batch AND p.object = t.object
      LEFT JOIN (SELECT layout, toString(any(format)) AS format FROM layouts GROUP BY layout) AS f ON p.layout = f.layout
      -- Whoever was paused before this row may find that another worker has written it.
      WHERE p.batch IN {batches:Array(UInt64)}
        AND p.batch NOT IN (SELECT batch FROM ledger WHERE batch IN {batches:Array(UInt64)})
        AND (${condition})`,
    params: { batches: batches.map(BigInt) },
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

/** What came in of one object of a batch, beside what the object states of itself. */
export interface ObjectCount extends Books {
  /** 1-based number of the object within the batch. */
  readonly object: number;
  /** Bytes of its lines, a newline each. */
  readonly contentBytes: number;
  /** Whether it states another size than was read; gzip states it modulo 2^32. */
  readonly isOtherSize: boolean;
  /** Whether a `#Fields` line of it names other columns than its layout. */
  readonly hasOtherColumns: boolean;
}

/** What came in of a batch by object, and what the tables really hold of it. */
export interface BatchCount {
  readonly objects: readonly ObjectCount[];
  readonly storedRows: number;
  readonly storedRejects: number;
}

/** @param headers by object: the columns that its `#Fields` lines may name, or `null` when nobody looks at them */
export async function countBatch(
  engine: Engine,
  batch: string,
  headers: readonly (string | null)[],
): Promise<BatchCount> {
  const rows = await engine.rows<ObjectCount & Pick<BatchCount, 'storedRows' | 'storedRejects'>>({
    sql: `
      SELECT
        p.object AS object, t.lines AS lines, t.comments AS comments, t.rejected AS rejected, t.excluded AS excluded,
        lines - comments - rejected - excluded AS rows, t.content_bytes AS contentBytes,
        -- A last line without a newline counts one byte more.
        p.stated_bytes >= 0 AND bitAnd(toInt64(contentBytes) - p.stated_bytes, 4294967295) NOT IN (0, 1) AS isOtherSize,
        isNotNull({headers:Array(Nullable(String))}[object] AS header)
          AND arrayExists(found -> found != cityHash64(assumeNotNull(header)), t.headers) AS hasOtherColumns,
        (SELECT count() FROM requests WHERE batch = {batch:UInt64})
          + (SELECT count() FROM logs WHERE batch = {batch:UInt64}) AS storedRows,
        (SELECT count() FROM rejects WHERE batch = {batch:UInt64}) AS storedRejects
      FROM plans AS p LEFT JOIN (${talliesOf('[{batch:UInt64}]')}) AS t ON p.object = t.object
      WHERE p.batch = {batch:UInt64}
      ORDER BY object`,
    params: { batch, headers },
  });
  const [first] = rows;
  return { objects: rows, storedRows: first?.storedRows ?? 0, storedRejects: first?.storedRejects ?? 0 };
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

/**
 * Batches that were planned and never closed: the process died, or could not clean up. Those under a lease are left to
 * the one who takes the lease over.
 * @param deadAfterSeconds only those of workers that have been silent for so long
 */
export async function unfinishedBatches(engine: Engine, deadAfterSeconds?: number): Promise<string[]> {
  const rows = await engine.rows<{ id: string }>({
    sql: `
      SELECT DISTINCT toString(batch) AS id
      FROM plans
      WHERE NOT is_leased AND batch NOT IN (SELECT batch FROM ledger)
        AND ({seconds:Int64} < 0 OR (
          NOT ${isRecent('planned_at', '{seconds:Int64}')}
          AND worker NOT IN (SELECT worker FROM workers WHERE ${isRecent('seen_at', '{seconds:Int64}')})
        ))`,
    params: { seconds: deadAfterSeconds ?? -1 },
  });
  return rows.map(({ id }) => id);
}

/** The batch that was begun last, of those that were not taken back. */
export async function lastBatch(engine: Engine): Promise<string | undefined> {
  const [last] = await engine.rows<{ id: string }>({
    sql: 'SELECT toString(batch) AS id FROM plans ORDER BY batch DESC LIMIT 1',
  });
  return last?.id;
}

/** Batches under a lease that were planned for an origin and never closed. */
export async function unfinishedOf(engine: Engine, origin: string): Promise<string[]> {
  const rows = await engine.rows<{ id: string }>({
    sql: `
      SELECT DISTINCT toString(batch) AS id
      FROM plans
      WHERE is_leased AND origin = {origin:String} AND batch NOT IN (SELECT batch FROM ledger)`,
    params: { origin },
  });
  return rows.map(({ id }) => id);
}

/** Which of these are stored already. @returns `origin`, a newline and `version` of each */
export async function knownVersions(
  engine: Engine,
  objects: readonly { readonly origin: string; readonly version: string }[],
): Promise<ReadonlySet<string>> {
  const rows = await engine.rows<{ origin: string; version: string }>({
    sql: `
      SELECT DISTINCT origin, version
      FROM ledger
      WHERE (origin, version) IN arrayZip({origins:Array(String)}, {versions:Array(String)})`,
    params: { origins: objects.map(({ origin }) => origin), versions: objects.map(({ version }) => version) },
  });
  return new Set(rows.map(({ origin, version }) => `${origin}\n${version}`));
}

/** Origin → version that was stored last, for every origin that begins so. */
export async function lastVersions(engine: Engine, originPrefix: string): Promise<ReadonlyMap<string, string>> {
  const rows = await engine.rows<{ origin: string; version: string }>({
    sql: `
      SELECT origin, argMax(version, (batch, -toInt64(object))) AS version
      FROM ledger
      WHERE startsWith(origin, {prefix:String})
      GROUP BY origin`,
    params: { prefix: originPrefix },
  });
  return new Map(rows.map(({ origin, version }) => [origin, version]));
}

/** From what the plan announced to the plan itself, which goes last: a deletion that is cut short is begun again. */
const purgedTables = ['requests', 'logs', 'rejects', 'tallies', 'header_lines', 'plans'];

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

/** What was counted of each object of these batches, as SQL. @param batches SQL of an array of their ids */
export function talliesOf(batches: string): string {
  return `
  SELECT
    batch, object, sum(lines) AS lines, sum(log_rows) AS log_rows, sum(content_bytes) AS content_bytes,
    sum(comments) AS comments, sum(rejected) AS rejected, sum(excluded) AS excluded, min(first_time) AS first_time, max(last_time) AS last_time,
    groupUniqArrayArray(headers) AS headers
  FROM tallies
  WHERE batch IN ${batches}
  GROUP BY batch, object`;
}
