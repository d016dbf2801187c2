import type { Engine } from '../engine/engine.ts';
import { newBatchId } from '../ledger/batch-id.ts';
import type { Range } from '../rollups/range.ts';
import { contentsOfHour } from '../store/rollups.ts';

/** Tables that a lake has. */
export const lakeTables = ['requests', 'logs'] as const;
export type LakeTable = (typeof lakeTables)[number];

/** An hour that the table or the lake has rows of. */
export interface LakeHour {
  readonly startMs: number;
  /** Of the table. */
  readonly rows: number;
  /** With the number of rows, their identity: a UInt64 in decimal digits. */
  readonly fingerprint: string;
  /** What the lake has of it, or may have; absent if this store has never written it. */
  readonly written?: WrittenHour;
}

interface WrittenHour {
  /** Whether exactly the rows of the table are in its files. */
  readonly isCurrent: boolean;
  /** Whether its files are known: not after a kill while they were being changed. */
  readonly isDone: boolean;
  readonly files: number;
  readonly atMs: number;
}

/** What has been written of an hour, or what will be. */
export interface HourEntry {
  readonly startMs: number;
  readonly rows: number;
  readonly fingerprint: string;
  readonly files: number;
  readonly bytes: number;
  readonly isDone: boolean;
}

/** Of an hour without rows. */
export const noFingerprint = '0';

/** Hours of a range in which the table or the lake has rows. Reads sums that the engine keeps with the parts. */
export async function readLakeHours(
  engine: Engine,
  lake: string,
  table: LakeTable,
  range: Range,
): Promise<readonly LakeHour[]> {
  const found = await engine.rows<{
    start: number;
    rows: number;
    fingerprint: string;
    sequence: string;
    is_current: number;
    is_done: number;
    files: number;
    at_ms: number;
  }>({
    sql: `
      SELECT
        toUnixTimestamp(held.start) AS start,
        sum(held.stored) AS rows,
        toString(sum(held.identity)) AS fingerprint,
        toString(max(held.of)) AS sequence,
        sum(held.stored) = sum(held.written) AND sum(held.identity) = sum(held.written_identity) AS is_current,
        max(held.done) AS is_done,
        sum(held.in_lake) AS files,
        max(held.at) AS at_ms
      FROM (
        SELECT
          ${contentsOfHour.hour} AS start, ${contentsOfHour.rows} AS stored, ${contentsOfHour.fingerprint} AS identity,
          0 AS of, 0 AS written, 0 AS written_identity, 0 AS done, 0 AS in_lake, 0 AS at
        FROM ${table}
        WHERE ${contentsOfHour.hour} >= {from:DateTime('UTC')} AND ${contentsOfHour.hour} < {to:DateTime('UTC')}
        GROUP BY start
        UNION ALL
        SELECT
          start, 0, 0, max(sequence), argMax(rows, sequence), argMax(fingerprint, sequence),
          toUInt8(argMax(is_done, sequence)), argMax(files, sequence), toUnixTimestamp64Milli(argMax(written_at, sequence))
        FROM lake_hours
        WHERE lake = {lake:String} AND table_name = {table:String}
          AND start >= {from:DateTime('UTC')} AND start < {to:DateTime('UTC')}
        GROUP BY start
      ) AS held
      GROUP BY held.start
      HAVING sum(held.stored) > 0 OR sum(held.in_lake) > 0 OR (max(held.of) > 0 AND max(held.done) = 0)
      ORDER BY held.start`,
    params: { from: new Date(range.fromMs), to: new Date(range.toMs), lake, table },
  });
  return found.map(({ start, rows, fingerprint, sequence, is_current, is_done, files, at_ms }) => ({
    ...{ startMs: start * 1000, rows, fingerprint },
    ...(sequence === '0'
      ? {}
      : { written: { isCurrent: is_done === 1 && is_current === 1, isDone: is_done === 1, files, atMs: at_ms } }),
  }));
}

/** Records hours; what is recorded last counts. */
export async function recordHours(
  engine: Engine,
  lake: string,
  table: LakeTable,
  entries: readonly HourEntry[],
): Promise<void> {
  if (entries.length === 0) return;
  await engine.run({
    sql: `
      INSERT INTO lake_hours (lake, table_name, start, rows, fingerprint, files, bytes, is_done, sequence)
      SELECT {lake:String}, {table:String}, toDateTime(entry.1, 'UTC'), entry.2, entry.3, entry.4, entry.5, entry.6, {sequence:UInt64}
      FROM (
        SELECT arrayJoin(arrayZip(
          {starts:Array(UInt32)}, {rows:Array(UInt64)}, {fingerprints:Array(UInt64)}, {files:Array(UInt32)},
          {bytes:Array(UInt64)}, {done:Array(UInt8)}
        )) AS entry
      )`,
    params: {
      ...{ lake, table, sequence: BigInt(newBatchId()) },
      starts: entries.map(({ startMs }) => startMs / 1000),
      rows: entries.map(({ rows }) => rows),
      fingerprints: entries.map(({ fingerprint }) => BigInt(fingerprint)),
      files: entries.map(({ files }) => files),
      bytes: entries.map(({ bytes }) => bytes),
      done: entries.map(({ isDone }) => (isDone ? 1 : 0)),
    },
  });
}
