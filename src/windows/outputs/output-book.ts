import { type DeliveryAttempt, type DeliveryBook, recordDelivery } from '../../deliveries/delivery-book.ts';
import type { Engine } from '../../engine/engine.ts';
import { isTrustedWorker } from '../../ledger/worker.ts';
import { newestSequence } from '../read-emissions.ts';
import type { OutputPosition } from './window-output.ts';

/** A window that was tried and is not delivered. */
export interface TriedWindow {
  readonly sequence: number;
  readonly attempts: number;
  readonly state: 'failed' | 'dead' | 'delivered';
  readonly problem: string;
  readonly atMs: number;
}

/** As in the column `receiver` of `window_deliveries`. */
export function receiverOf(query: string, output: string): string {
  return `${query} ${output}`;
}

/** Whether a receiver is an output of a query. */
export function isOutputOf(query: string): (receiver: string) => boolean {
  return (receiver) => receiver.startsWith(receiverOf(query, ''));
}

/** Windows that an output was given up for, and that were not sent since. */
export interface DeadWindows {
  readonly count: number;
  /** The latest ones, the latest first. */
  readonly latest: readonly Omit<TriedWindow, 'state'>[];
}

/** By receiver, of all that have any. @param most of the latest ones, for each */
export async function readDeadWindows(engine: Engine, most: number): Promise<ReadonlyMap<string, DeadWindows>> {
  const found = await engine.rows<{ receiver: string; count: number; latest: [number, number, string, number][] }>({
    sql: `
      SELECT
        receiver, count() AS count,
        arraySlice(arrayReverseSort(groupArray((sequence, attempts, problem, atMs))), 1, {most:UInt32}) AS latest
      FROM (
        SELECT
          d.receiver AS receiver, toUInt64(d.key) AS sequence, max(d.attempt) AS attempts,
          argMax(d.problem, d.attempt) AS problem, max(toUnixTimestamp64Milli(d.at)) AS atMs
        FROM window_deliveries AS d
        GROUP BY receiver, d.key
        HAVING argMax(d.state, d.attempt) = 'dead'
      )
      GROUP BY receiver`,
    params: { most },
  });
  return new Map(
    found.map(({ receiver, count, latest }) => [
      receiver,
      {
        count,
        latest: latest.map(([sequence, attempts, problem, atMs]) => ({ sequence, attempts, problem, atMs })),
      },
    ]),
  );
}

/** What is recorded of one output of a query: how far it is, and which windows were tried in vain. */
export class OutputBook {
  readonly #deliveries: DeliveryBook;
  readonly #query: string;
  readonly #output: string;

  constructor(deliveries: DeliveryBook, query: string, output: string) {
    this.#deliveries = deliveries;
    this.#query = query;
    this.#output = output;
  }

  get #receiver(): string {
    return receiverOf(this.#query, this.#output);
  }

  /** A new output begins with what is emitted from now on. */
  async openPosition(): Promise<OutputPosition> {
    const { engine } = this.#deliveries;
    const [found] = await engine.rows<OutputPosition>({
      sql: `
        SELECT o.sequence AS sequence, o.bytes AS bytes
        FROM window_outputs AS o
        WHERE query = {query:String} AND output = {output:String}
        ORDER BY o.sequence DESC, o.at DESC
        LIMIT 1`,
      params: { query: this.#query, output: this.#output },
    });
    if (found) return found;
    const position = { sequence: await newestSequence(engine, this.#query), bytes: Number.MAX_SAFE_INTEGER };
    await this.writePosition(position);
    return position;
  }

  async writePosition({ sequence, bytes }: OutputPosition): Promise<void> {
    const { engine, worker } = this.#deliveries;
    await engine.run({
      sql: `
        INSERT INTO window_outputs (query, output, sequence, bytes, at)
        SELECT {query:String}, {output:String}, {sequence:UInt64}, {bytes:UInt64}, now64(3)
        WHERE ${isTrustedWorker}`,
      params: { query: this.#query, output: this.#output, sequence, bytes, worker },
    });
  }

  async record(attempt: Omit<DeliveryAttempt, 'receiver' | 'key'>, sequence: number): Promise<void> {
    await recordDelivery(this.#deliveries, { ...attempt, receiver: this.#receiver, key: String(sequence) });
  }

  /** Windows that were tried, and are not delivered or come after a position; latest first. */
  readTried(after: number): Promise<TriedWindow[]> {
    return this.#deliveries.engine.rows<TriedWindow>({
      sql: `
        SELECT
          toUInt64(key) AS sequence, max(attempt) AS attempts, argMax(d.state, attempt) AS state,
          argMax(d.problem, attempt) AS problem, max(toUnixTimestamp64Milli(d.at)) AS atMs
        FROM window_deliveries AS d
        WHERE receiver = {receiver:String}
        GROUP BY key
        HAVING state != 'delivered' OR sequence > {after:UInt64}
        ORDER BY sequence DESC`,
      params: { receiver: this.#receiver, after },
    });
  }

  /** Gives up, untried, windows that were emitted so long ago, and are after the position and not in the list. @returns how many */
  async giveUpOlder(olderThanMs: number, { after, besides, problem }: GivenUp): Promise<number> {
    const { engine, worker } = this.#deliveries;
    const isOld = `
      query = {query:String} AND sequence > {after:UInt64} AND NOT has({besides:Array(UInt64)}, sequence)
      AND emitted_at < now64(3) - toIntervalMillisecond({age:UInt64})`;
    const params = { query: this.#query, after, besides, age: olderThanMs, worker, receiver: this.#receiver, problem };
    const [found] = await engine.rows<{ count: number }>({
      sql: `SELECT count() AS count FROM window_emissions WHERE ${isOld}`,
      params,
    });
    if (!found?.count) return 0;
    await engine.run({
      sql: `
        INSERT INTO window_deliveries (receiver, key, attempt, state, problem, at)
        SELECT {receiver:String}, toString(e.sequence), d.attempts + 1, 'dead', {problem:String}, now64(3)
        FROM (SELECT sequence FROM window_emissions WHERE ${isOld}) AS e
        LEFT JOIN (
          SELECT toUInt64(key) AS sequence, max(attempt) AS attempts
          FROM window_deliveries
          WHERE receiver = {receiver:String}
          GROUP BY key
        ) AS d ON d.sequence = e.sequence
        WHERE ${isTrustedWorker}`,
      params,
    });
    return found.count;
  }
}

interface GivenUp {
  readonly after: number;
  readonly besides: readonly number[];
  readonly problem: string;
}
