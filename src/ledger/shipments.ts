import {
  inRange,
  isTaken,
  pipelineParams,
  rangeParams,
  type Shipper,
  type ShippingPosition,
} from './shipping-position.ts';
import { isTrustedWorker } from './worker.ts';

/** A batch that is stored for good, as the ledger has it. */
export interface ClosedBatch {
  /** Id: a UInt64 in decimal digits; greater ones were begun later. */
  readonly batch: string;
  /** How many rows each table has of it. */
  readonly requests: number;
  readonly logs: number;
  readonly rejects: number;
  /** Earliest and latest event, `YYYY-MM-DD HH:MM:SS.mmm` UTC; null without rows in `requests` and `logs`. */
  readonly firstTime: string | null;
  readonly lastTime: string | null;
  /** By the store's clock, milliseconds since 1970. */
  readonly closedAtMs: number;
}

export interface WaitingBatch extends ClosedBatch {
  /** How often it was tried already. */
  readonly attempts: number;
}

export interface Waiting {
  /** The oldest of them, oldest first. */
  readonly batches: readonly WaitingBatch[];
  readonly count: number;
}

/** Closed batches that a destination has not acknowledged. */
export async function readWaiting(shipper: Shipper, position: ShippingPosition, most: number): Promise<Waiting> {
  const { engine, destination } = shipper;
  const batches = await engine.rows<WaitingBatch & { waiting: number }>({
    sql: `
      WITH tried AS (
        SELECT batch, max(attempt) AS attempts, argMax(state, attempt) AS state
        FROM shipments
        WHERE destination = {destination:String} AND ${inRange}
        GROUP BY batch
      )
      SELECT
        toString(l.batch) AS batch, requests, logs, rejects, firstTime, lastTime, closedAtMs, t.attempts AS attempts,
        count() OVER () AS waiting
      FROM (
        SELECT
          batch, sum(rows - log_rows) AS requests, sum(log_rows) AS logs, sum(rejected) AS rejects,
          toString(min(first_time)) AS firstTime, toString(max(last_time)) AS lastTime,
          toUnixTimestamp64Milli(min(stored_at)) AS closedAtMs
        FROM ledger
        WHERE ${inRange} AND ${isTaken}
        GROUP BY batch
      ) AS l
      LEFT JOIN tried AS t ON l.batch = t.batch
      WHERE t.state IN ('', 'failed')
      ORDER BY l.batch
      LIMIT {most:UInt32}`,
    params: { ...rangeParams(position), ...pipelineParams(shipper), destination, most },
  });
  return { batches, count: batches[0]?.waiting ?? 0 };
}

/** Outcome of an attempt to deliver a batch. */
export interface Attempt {
  readonly batch: string;
  /** Number of this attempt. */
  readonly attempt: number;
  readonly state: 'shipped' | 'failed' | 'dead';
  readonly rows: number;
  readonly refused: number;
  readonly bytes: number;
  /** Empty when there is none. */
  readonly problem: string;
}

/** Records attempts. A batch that is recorded as shipped is acknowledged: it is not handed over again. */
export async function recordAttempts(
  { engine, destination, worker }: Shipper,
  attempts: readonly Attempt[],
): Promise<void> {
  const of = <K extends keyof Attempt>(key: K) => attempts.map((attempt) => attempt[key]);
  await engine.run({
    sql: `
      INSERT INTO shipments (destination, batch, attempt, state, rows, refused, bytes, problem, at)
      SELECT {destination:String}, a.1, a.2, a.3, a.4, a.5, a.6, a.7, now64(3)
      FROM (
        SELECT arrayJoin(arrayZip({batches:Array(UInt64)}, {attempts:Array(UInt32)}, {states:Array(String)},
          {rows:Array(UInt64)}, {refused:Array(UInt64)}, {bytes:Array(UInt64)}, {problems:Array(String)})) AS a
      )
      WHERE ${isTrustedWorker}`,
    params: {
      destination,
      worker,
      batches: of('batch').map(BigInt),
      attempts: of('attempt'),
      states: of('state'),
      rows: of('rows'),
      refused: of('refused'),
      bytes: of('bytes'),
      problems: of('problem'),
    },
  });
}

/** Lets batches that were given up, the oldest, be tried once more. */
export async function reviveDead({ engine, destination, worker }: Shipper, most: number): Promise<void> {
  await engine.run({
    sql: `
      INSERT INTO shipments (destination, batch, attempt, state, rows, refused, bytes, problem, at)
      SELECT {destination:String}, id, last_attempt + 1, 'failed', 0, 0, 0, 'tried once more after a start', now64(3)
      FROM (
        SELECT s.batch AS id, max(s.attempt) AS last_attempt
        FROM shipments AS s
        WHERE s.destination = {destination:String}
        GROUP BY s.batch
        HAVING argMax(s.state, s.attempt) = 'dead'
        ORDER BY s.batch
        LIMIT {most:UInt32}
      )
      WHERE ${isTrustedWorker}`,
    params: { destination, worker, most },
  });
}
