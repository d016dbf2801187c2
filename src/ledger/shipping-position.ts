import type { Engine } from '../engine/engine.ts';
import { readOpenRange } from '../store/ledger-mark.ts';
import { idAtTime } from './batch-id.ts';
import { isTrustedWorker } from './worker.ts';

/**
 * Which batches a destination still has to look at: those after `position`, and those in `open`. Batches are closed in
 * another order than their ids have, so a position alone would pass over those that take long.
 */
export interface ShippingPosition {
  readonly sequence: number;
  readonly position: string;
  readonly open: readonly string[];
}

/** Where a new destination starts: with batches that are closed from now on, all, or those begun since a time. */
export type ShippingStart = 'now' | 'beginning' | Date;

/** Where and for whom a destination's progress is recorded. */
export interface Shipper {
  readonly engine: Engine;
  readonly destination: string;
  /** Pipelines whose batches it takes; all when undefined. Batches of `tailrace ingest` have an empty name. */
  readonly pipelines: readonly string[] | undefined;
  /** Id of the worker that ships. Nothing is recorded once others may consider it dead. */
  readonly worker: string;
}

/** A plan is written within moments after its id was made, and ids of all workers stay close together; see ledger-mark.ts. */
const settledAfterMs = 60 * 60 * 1000;
/** Limit for the list of open batches; a position that would leave more behind stays where it is. */
const mostOpen = 1000;

/** SQL over any table with batches: those that a destination looks at. Needs {@link rangeParams}. */
export const inRange = '(batch > {position:UInt64} OR batch IN {open:Array(UInt64)})';

export function rangeParams({ position, open }: ShippingPosition): Record<string, unknown> {
  return { position: BigInt(position), open: open.map(BigInt) };
}

/** SQL over `ledger`: whether the destination takes the batch. Needs {@link pipelineParams}. */
export const isTaken = '({any_pipeline:Bool} OR pipeline IN {pipelines:Array(String)})';

export function pipelineParams({ pipelines }: Pick<Shipper, 'pipelines'>): Record<string, unknown> {
  return { any_pipeline: pipelines === undefined, pipelines: pipelines ?? [] };
}

/** SQL: batches of the destination that need no further attempt. Needs {@link rangeParams} and `destination`. */
const settledBatches = `
  SELECT batch FROM shipments
  WHERE destination = {destination:String} AND ${inRange}
  GROUP BY batch HAVING argMax(state, attempt) != 'failed'`;

/** Where a destination continues; a new one starts as it is configured. */
export async function openPosition(shipper: Shipper, from: ShippingStart): Promise<ShippingPosition> {
  const found = await readPosition(shipper);
  if (found) return found;
  return writePosition(shipper, await firstPosition(shipper, from));
}

async function firstPosition(shipper: Shipper, from: ShippingStart): Promise<ShippingPosition> {
  const start = { sequence: 0, position: '0', open: [] };
  if (from === 'beginning') return start;
  if (from instanceof Date) return { ...start, position: idAtTime(from.getTime()) };
  const { engine, destination, worker } = shipper;
  const until = await settledUntil(engine);
  const position = until === undefined ? start : { ...start, position: until, open: await openPlans(engine, until) };
  // What follows the position is not all new.
  await engine.run({
    sql: `
      INSERT INTO shipments (destination, batch, attempt, state, at)
      SELECT DISTINCT {destination:String}, batch, 1, 'skipped', now64(3)
      FROM ledger
      WHERE ${inRange} AND ${isTrustedWorker}`,
    params: { ...rangeParams(position), destination, worker },
  });
  return position;
}

export async function readPosition({
  engine,
  destination,
}: Pick<Shipper, 'engine' | 'destination'>): Promise<ShippingPosition | undefined> {
  const [found] = await engine.rows<ShippingPosition>({
    sql: `
      SELECT sequence, toString(position) AS position, arrayMap(batch -> toString(batch), open) AS open
      FROM destination_positions AS p
      WHERE destination = {destination:String}
      ORDER BY p.sequence DESC
      LIMIT 1`,
    params: { destination },
  });
  return found;
}

/** Moves the position past everything that is done with. @returns the same position when that is nothing */
export async function advancePosition(shipper: Shipper, position: ShippingPosition): Promise<ShippingPosition> {
  const { engine, destination } = shipper;
  const until = await settledUntil(engine);
  if (until === undefined || BigInt(until) <= BigInt(position.position)) return position;
  const [found] = await engine.rows<{ open: string[] }>({
    sql: `
      SELECT arrayMap(id -> toString(id), groupUniqArray({most:UInt64} + 1)(batch)) AS open
      FROM (
        SELECT batch FROM plans
        WHERE ${inRange} AND batch <= {until:UInt64} AND batch NOT IN (SELECT batch FROM ledger WHERE ${inRange})
        UNION ALL
        SELECT batch FROM ledger
        WHERE ${inRange} AND batch <= {until:UInt64} AND ${isTaken} AND batch NOT IN (${settledBatches})
      )`,
    params: { ...rangeParams(position), ...pipelineParams(shipper), destination, until, most: mostOpen },
  });
  const open = found?.open ?? [];
  if (open.length > mostOpen) return position;
  return writePosition(shipper, { sequence: position.sequence, position: until, open });
}

async function writePosition(shipper: Shipper, position: ShippingPosition): Promise<ShippingPosition> {
  const { engine, destination, worker } = shipper;
  const sequence = position.sequence + 1;
  await engine.run({
    sql: `
      INSERT INTO destination_positions (destination, sequence, position, open, at)
      SELECT {destination:String}, {sequence:UInt64}, {position:UInt64}, {open:Array(UInt64)}, now64(3)
      WHERE ${isTrustedWorker}`,
    params: { ...rangeParams(position), destination, sequence, worker },
  });
  return { ...position, sequence };
}

/**
 * The greatest id up to which no batch will be planned any more; undefined before the first batch. Never beyond the newest
 * one: after a step of the clock ids go on from there.
 */
async function settledUntil(engine: Engine): Promise<string | undefined> {
  const [found] = await engine.rows<{ until: string }>({
    sql: `
      SELECT
        toString(if(planned_at < now64(3) - toIntervalMillisecond({margin_ms:UInt64}), batch,
          toUInt64(batch - least(batch, bitShiftLeft({margin_ms:UInt64}, 22))))) AS until
      FROM plans
      ORDER BY batch DESC
      LIMIT 1`,
    params: { margin_ms: settledAfterMs },
  });
  return found?.until;
}

async function openPlans(engine: Engine, until: string): Promise<string[]> {
  const { sql: mayBeOpen, params } = await readOpenRange(engine);
  const rows = await engine.rows<{ id: string }>({
    sql: `
      SELECT DISTINCT toString(batch) AS id
      FROM plans
      WHERE ${mayBeOpen} AND batch <= {until:UInt64} AND batch NOT IN (SELECT batch FROM ledger WHERE ${mayBeOpen})
      LIMIT ${mostOpen}`,
    params: { ...params, until },
  });
  return rows.map(({ id }) => id);
}
