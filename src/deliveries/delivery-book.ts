import type { Engine } from '../engine/engine.ts';
import { isTrustedWorker } from '../ledger/worker.ts';

/** What became of each message at each receiver; all of these tables have the same columns. */
export type DeliveryTable = 'alert_deliveries' | 'window_deliveries';

/** Where and for whom attempts are recorded. */
export interface DeliveryBook {
  readonly engine: Engine;
  readonly table: DeliveryTable;
  /** Id of the worker that sends; empty where there is only one process. Nothing is recorded once others may consider it dead. */
  readonly worker: string;
}

/** `failed`: will be tried again; `dead`: given up. */
export type DeliveryState = 'delivered' | 'failed' | 'dead';

export interface DeliveryAttempt {
  readonly receiver: string;
  readonly key: string;
  /** From 1; the last one holds. */
  readonly attempt: number;
  readonly state: DeliveryState;
  readonly problem: string;
}

export async function recordDelivery({ engine, table, worker }: DeliveryBook, attempt: DeliveryAttempt): Promise<void> {
  await engine.run({
    sql: `
      INSERT INTO ${table} (receiver, key, attempt, state, problem, at)
      SELECT {receiver:String}, {key:String}, {attempt:UInt32}, {state:String}, {problem:String}, now64(3)
      WHERE ${isTrustedWorker}`,
    params: { ...attempt, worker },
  });
}

/** A message that was given up. */
export interface DeadLetter {
  readonly receiver: string;
  readonly key: string;
  readonly attempts: number;
  readonly problem: string;
  readonly atMs: number;
}

/** Messages that were given up, latest first. */
export function readDead(engine: Engine, table: DeliveryTable, most: number): Promise<DeadLetter[]> {
  return engine.rows<DeadLetter>({
    sql: `
      SELECT
        receiver, key, max(attempt) AS attempts, argMax(d.problem, attempt) AS problem,
        max(toUnixTimestamp64Milli(d.at)) AS atMs
      FROM ${table} AS d
      GROUP BY receiver, key
      HAVING argMax(state, attempt) = 'dead'
      ORDER BY atMs DESC, key
      LIMIT {most:UInt32}`,
    params: { most },
  });
}

const mostReplayed = 10_000;

export interface Delivery extends DeadLetter {
  readonly state: DeliveryState;
}

/** What became of messages at their receivers, as of the last attempt. */
export function readDeliveries(engine: Engine, table: DeliveryTable, keys: readonly string[]): Promise<Delivery[]> {
  return engine.rows<Delivery>({
    sql: `
      SELECT
        receiver, key, max(attempt) AS attempts, argMax(d.state, attempt) AS state, argMax(d.problem, attempt) AS problem,
        max(toUnixTimestamp64Milli(d.at)) AS atMs
      FROM ${table} AS d
      WHERE key IN {keys:Array(String)}
      GROUP BY receiver, key`,
    params: { keys },
  });
}

/**
 * Lets messages that were given up be sent once more, with the same key: the latest 10,000.
 * @returns how many
 */
export async function replayDead(
  engine: Engine,
  table: DeliveryTable,
  isWanted: (receiver: string) => boolean,
): Promise<number> {
  const dead = (await readDead(engine, table, mostReplayed)).filter(({ receiver }) => isWanted(receiver));
  await engine.run({
    sql: `
      INSERT INTO ${table} (receiver, key, attempt, state, problem, at)
      SELECT d.1, d.2, d.3, 'failed', 'asked for again', now64(3)
      FROM (SELECT arrayJoin(arrayZip({receivers:Array(String)}, {keys:Array(String)}, {attempts:Array(UInt32)})) AS d)`,
    params: {
      receivers: dead.map((one) => one.receiver),
      keys: dead.map(({ key }) => key),
      attempts: dead.map(({ attempts }) => attempts + 1),
    },
  });
  return dead.length;
}
