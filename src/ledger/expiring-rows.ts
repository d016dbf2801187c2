import type { Engine } from '../engine/engine.ts';
import { type RetainedTable, type Retention, retainedTables } from '../store/retention.ts';
import { readUndelivered, type UndeliveredSpan, type Waiter } from './undelivered-spans.ts';

/** A partition of a table: a day of event time, of rejects a month of arrival. */
export interface Partition {
  readonly table: RetainedTable;
  /** `20260304`, of rejects `202603`. */
  readonly partition: string;
  readonly parts: number;
  readonly rows: number;
  readonly bytes: number;
  /** Times of the rows, epoch ms. */
  readonly oldestMs: number;
  readonly newestMs: number;
}

/** What is deleted of it: rows up to a moment, all of them if that is beyond the newest. */
export interface ExpiringRows extends Partition {
  readonly rule: 'age' | 'size';
  /** Rows before this time are deleted, epoch ms: the beginning of a day. */
  readonly beforeMs: number;
  readonly isWhole: boolean;
  /** Destinations that have not received all of it. */
  readonly missingAt: readonly string[];
  /** Kept for now, for those destinations. */
  readonly isHeld: boolean;
}

export interface RetentionPlan {
  readonly tables: readonly { readonly table: RetainedTable; readonly rows: number; readonly bytes: number }[];
  readonly expiring: readonly ExpiringRows[];
}

/** How much longer rows are kept that a destination has not received. */
export const heldMs = 7 * 86_400_000;
/** Or until the table is so much larger than it may be. */
const heldExcess = 1.25;
const dayMs = 86_400_000;
const times: Readonly<Record<RetainedTable, string>> = { requests: 'time', logs: 'time', rejects: 'at' };

/** What retention deletes now, oldest first, and what it would delete if destinations had received it. Changes nothing. */
export async function planRetention(
  engine: Engine,
  retention: Retention,
  waiters: readonly Waiter[],
  nowMs: number = Date.now(),
): Promise<RetentionPlan> {
  const partitions = await readPartitions(engine);
  const tables = retainedTables.map((table) => {
    const own = partitions.filter((partition) => partition.table === table);
    return { table, rows: sum(own, 'rows'), bytes: sum(own, 'bytes') };
  });
  const due = retainedTables.flatMap((table) =>
    chooseExpiring(
      partitions.filter((partition) => partition.table === table),
      retention,
      nowMs,
    ),
  );
  const undelivered = due.length > 0 ? await readUndelivered(engine, waiters) : [];
  return { tables, expiring: due.map((rows) => hold(rows, undelivered)) };
}

type Due = Omit<ExpiringRows, 'missingAt' | 'isHeld'> & { readonly isOverdue: boolean };

/** @param partitions of one table, oldest first */
function chooseExpiring(partitions: readonly Partition[], retention: Retention, nowMs: number): Due[] {
  const { table } = partitions[0] ?? {};
  if (!table) return [];
  const { seconds, bytes } = retention[table];
  const due: Due[] = [];
  const cutMs = seconds === null ? 0 : startOfDay(nowMs - 1000 * seconds);
  const heldCutMs = cutMs - heldMs;
  const today = startOfDay(nowMs);
  const isTooLarge = (left: number, excess: number) => bytes !== null && left > bytes * excess;
  let left = sum(partitions, 'bytes');
  for (const partition of partitions) {
    const { oldestMs, newestMs } = partition;
    const endMs = startOfDay(newestMs) + dayMs;
    if (endMs <= cutMs) {
      due.push({ ...partition, rule: 'age', beforeMs: endMs, isWhole: true, isOverdue: endMs <= heldCutMs });
    } else if (isTooLarge(left, 1) && endMs <= today) {
      const isOverdue = isTooLarge(left, heldExcess);
      due.push({ ...partition, rule: 'size', beforeMs: endMs, isWhole: true, isOverdue });
    } else if (table === 'rejects' && oldestMs < cutMs) {
      due.push({ ...partition, rule: 'age', beforeMs: cutMs, isWhole: false, isOverdue: oldestMs < heldCutMs });
      continue;
    } else continue;
    left -= partition.bytes;
  }
  return due;
}

function hold({ isOverdue, ...rows }: Due, undelivered: readonly UndeliveredSpan[]): ExpiringRows {
  const spans = undelivered.filter(
    ({ table, fromMs, toMs }) => table === rows.table && fromMs < rows.beforeMs && toMs > rows.oldestMs,
  );
  const missingAt = [...new Set(spans.map(({ destination }) => destination))];
  return { ...rows, missingAt, isHeld: missingAt.length > 0 && !isOverdue };
}

/** From what the engine keeps of each part in memory; no row is read. */
function readPartitions(engine: Engine): Promise<Partition[]> {
  return engine.rows<Partition>({
    sql: `
      SELECT t.table AS table, t.partition AS partition, parts, rows, bytes, oldestMs, newestMs
      FROM (
        ${retainedTables
          .map(
            (table) => `
              SELECT '${table}' AS table, _partition_id AS partition,
                toInt64(1000 * toFloat64(min(${times[table]}))) AS oldestMs, toInt64(1000 * toFloat64(max(${times[table]}))) AS newestMs
              FROM ${table} GROUP BY partition`,
          )
          .join(' UNION ALL ')}
      ) AS t
      INNER JOIN (
        SELECT table, partition_id AS partition, count() AS parts, sum(s.rows) AS rows, sum(bytes_on_disk) AS bytes
        FROM system.parts AS s
        WHERE database = currentDatabase() AND active AND s.rows > 0
        GROUP BY table, partition
      ) AS p ON t.table = p.table AND t.partition = p.partition
      ORDER BY newestMs, partition`,
  });
}

function startOfDay(ms: number): number {
  return Math.floor(ms / dayMs) * dayMs;
}

function sum(partitions: readonly Partition[], key: 'rows' | 'bytes'): number {
  return partitions.reduce((total, partition) => total + partition[key], 0);
}
