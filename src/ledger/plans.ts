import type { Engine } from '../engine/engine.ts';
import { type BatchRange, readOpenRange, settledBatch } from '../store/ledger-mark.ts';
import { repeatedTexts } from './repeated-texts.ts';
import { isRecent } from './worker.ts';

/** An object that a batch is about to store. */
export interface PlannedObject {
  readonly origin: string;
  readonly version: string;
  /** Id of the layout. */
  readonly layout: string;
  /** Size of the object on disk. */
  readonly bytes: number;
  /** Bytes of its lines as the object itself states them; absent where that does not apply to what is stored. */
  readonly statedBytes?: number;
  /** 0-based first line to store. */
  readonly fromLine: number;
}

/**
 * Records what a batch is about to store. Must be durable before the first line of it is inserted. Writes nothing for a
 * batch that was taken back or is older than the mark of the ledger; such a batch stores nothing either.
 */
export async function writePlan(
  engine: Engine,
  batch: string,
  objects: readonly PlannedObject[],
  { worker, isLeased, pipeline }: PlanOwner,
): Promise<void> {
  const layouts = repeatedTexts(objects.map(({ layout }) => layout));
  await engine.run({
    sql: `
      INSERT INTO plans
        (batch, object, origin, version, layout, bytes, stated_bytes, from_line, planned_at, worker, is_leased, pipeline)
      SELECT
        {batch:UInt64}, number + 1, {origins:Array(String)}[number + 1], {versions:Array(String)}[number + 1],
        {layouts:Array(String)}[{layout_of:Array(UInt32)}[number + 1]], {bytes:Array(UInt64)}[number + 1], {stated:Array(Int64)}[number + 1],
        {from_lines:Array(UInt64)}[number + 1], now64(3), {worker:String}, {is_leased:Bool},
        {pipeline:String}
      FROM numbers(length({origins:Array(String)}))
      WHERE {batch:UInt64} NOT IN (SELECT batch FROM taken_back WHERE batch = {batch:UInt64})
        AND {batch:UInt64} > ${settledBatch}`,
    group: batch,
    params: {
      batch,
      worker,
      pipeline,
      is_leased: isLeased,
      layouts: layouts.texts,
      layout_of: layouts.places,
      origins: objects.map(({ origin }) => origin),
      versions: objects.map(({ version }) => version),
      bytes: objects.map(({ bytes }) => bytes),
      stated: objects.map(({ statedBytes }) => statedBytes ?? -1),
      from_lines: objects.map(({ fromLine }) => fromLine),
    },
  });
}

/** Who is responsible for an unfinished batch. */
export interface PlanOwner {
  /** The process that stores it. */
  readonly worker: string;
  /** As in the configuration; empty outside of pipelines. */
  readonly pipeline: string;
  /** Whether only the next owner of the origin's lease decides about it. */
  readonly isLeased: boolean;
}

/**
 * Batches that were planned and never closed: the process died, or could not clean up. Leaves out batches under a
 * lease, which the lease's next owner settles.
 * @param deadAfterSeconds only batches of workers that have been silent for this long
 * @param known where batches may be that are not closed, if it was read already
 */
export async function unfinishedBatches(
  engine: Engine,
  deadAfterSeconds?: number,
  known?: BatchRange,
): Promise<string[]> {
  const range = known ?? (await readOpenRange(engine));
  const rows = await engine.rows<{ id: string }>({
    sql: `
      SELECT DISTINCT toString(batch) AS id
      FROM plans
      WHERE ${isOpen(range)} AND NOT is_leased
        AND ({seconds:Int64} < 0 OR (
          NOT ${isRecent('planned_at', '{seconds:Int64}')}
          AND worker NOT IN (SELECT worker FROM workers WHERE ${isRecent('seen_at', '{seconds:Int64}')})
        ))`,
    params: { ...range.params, seconds: deadAfterSeconds ?? -1 },
  });
  return rows.map(({ id }) => id);
}

/** Batches under a lease that were planned for one of these origins and never closed. */
export async function unfinishedUnderLease(
  engine: Engine,
  origins: readonly string[],
): Promise<{ batch: string; origin: string; worker: string }[]> {
  const range = await readOpenRange(engine);
  return engine.rows({
    sql: `
      SELECT DISTINCT toString(batch) AS batch, origin, worker
      FROM (SELECT * FROM plans WHERE ${isOpen(range)} AND is_leased AND origin IN {origins:Array(String)})`,
    params: { ...range.params, origins },
  });
}

/** SQL over `plans`: whether a batch is not closed. */
function isOpen({ sql }: BatchRange): string {
  return `${sql} AND batch NOT IN (SELECT batch FROM ledger WHERE ${sql})`;
}
