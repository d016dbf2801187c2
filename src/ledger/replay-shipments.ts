import type { Engine } from '../engine/engine.ts';
import { announceClosedBatch } from './batch-closed.ts';
import { idAtTime } from './batch-id.ts';
import { inRange, rangeParams, type Shipper, type ShippingPosition } from './shipping-position.ts';

/** Which batches of a destination: those with rows that it refused, and those that were given up. */
export interface ReplaySelection {
  readonly destination: string;
  /** Only batches begun since then, milliseconds since 1970. */
  readonly fromMs?: number;
  /** Only batches begun before then. */
  readonly untilMs?: number;
}

export interface ReplayCounts {
  readonly batches: number;
  /** Of them: given up. */
  readonly dead: number;
  /** Rows that were refused when they were delivered last. */
  readonly refused: number;
  /** Rows of requests and logs in these batches. */
  readonly rows: number;
}

const latest = '18446744073709551615';

/** SQL: id and last attempt of the selected batches, of which the ledger has the rows. Needs {@link paramsOf}. */
const selected = `
  SELECT s.batch AS id, max(s.attempt) AS last_attempt, argMax(s.state, s.attempt) AS last_state,
    argMax(s.refused, s.attempt) AS last_refused, any(l.rows) AS all_rows
  FROM shipments AS s
  INNER JOIN (
    SELECT batch, sum(rows) AS rows FROM ledger WHERE batch >= {from:UInt64} AND batch < {until:UInt64} GROUP BY batch
  ) AS l ON l.batch = s.batch
  WHERE s.destination = {destination:String} AND s.batch >= {from:UInt64} AND s.batch < {until:UInt64}
  GROUP BY s.batch
  HAVING last_state = 'dead' OR (last_state = 'shipped' AND last_refused > 0)`;

function paramsOf({ destination, fromMs, untilMs }: ReplaySelection): Record<string, unknown> {
  return {
    destination,
    from: BigInt(fromMs === undefined ? 0 : idAtTime(fromMs)),
    until: BigInt(untilMs === undefined ? latest : idAtTime(untilMs)),
  };
}

/**
 * Has the selected batches delivered again, as if they had failed: whoever ships to the destination finds them soon, or when it
 * starts. @returns what is delivered again
 */
export async function replayShipments(
  engine: Engine,
  selection: ReplaySelection,
  { dryRun }: { readonly dryRun: boolean },
): Promise<ReplayCounts> {
  const counts = await countSelected(engine, selection);
  if (dryRun || counts.batches === 0) return counts;
  await engine.run({
    sql: `
      INSERT INTO shipments (destination, batch, attempt, state, rows, refused, bytes, problem, at)
      SELECT {destination:String}, id, last_attempt + 1, 'failed', 0, 0, 0, 'asked for by a replay', now64(3)
      FROM (${selected})`,
    params: paramsOf(selection),
  });
  announceClosedBatch(engine);
  return counts;
}

async function countSelected(engine: Engine, selection: ReplaySelection): Promise<ReplayCounts> {
  const [counts] = await engine.rows<ReplayCounts>({
    sql: `
      SELECT count() AS batches, countIf(last_state = 'dead') AS dead, sum(last_refused) AS refused, sum(all_rows) AS rows
      FROM (${selected})`,
    params: paramsOf(selection),
  });
  return counts ?? { batches: 0, dead: 0, refused: 0, rows: 0 };
}

/** Batches to be tried again although the position is past them: a replay asks for them, or they were given up once. */
export async function readAskedAgain(
  { engine, destination }: Pick<Shipper, 'engine' | 'destination'>,
  position: ShippingPosition,
  most: number,
): Promise<readonly string[]> {
  const rows = await engine.rows<{ id: string }>({
    sql: `
      SELECT toString(s.batch) AS id
      FROM shipments AS s
      WHERE destination = {destination:String} AND batch IN (
        SELECT batch FROM shipments WHERE destination = {destination:String} AND state = 'failed' AND NOT ${inRange}
      )
      GROUP BY s.batch
      HAVING argMax(s.state, s.attempt) = 'failed'
      ORDER BY s.batch
      LIMIT {most:UInt32}`,
    params: { ...rangeParams(position), destination, most },
  });
  return rows.map(({ id }) => id);
}
