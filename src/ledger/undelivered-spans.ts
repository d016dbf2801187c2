import type { Engine } from '../engine/engine.ts';
import type { RetainedTable } from '../store/retention.ts';
import { inRange, isTaken, pipelineParams, rangeParams, readPosition, type Shipper } from './shipping-position.ts';

/** What rows wait for: a destination, or something that knows by itself what it has not received. */
export type Waiter = DestinationWaiter | OwnWaiter;
type DestinationWaiter = Pick<Shipper, 'destination' | 'pipelines'>;
export interface OwnWaiter {
  readonly readUndelivered: (engine: Engine) => Promise<readonly UndeliveredSpan[]>;
}

/** Rows that a destination has not received: it has not taken any of their batch yet. A lake: it has not written their hour. */
export interface UndeliveredSpan {
  readonly destination: string;
  readonly table: RetainedTable;
  /** Of the rows, of rejects about when they arrived; epoch ms. */
  readonly fromMs: number;
  readonly toMs: number;
}

const dayMs = 86_400_000;
/** More of them are one span. */
const mostSpans = 10_000;

export async function readUndelivered(engine: Engine, waiters: readonly Waiter[]): Promise<UndeliveredSpan[]> {
  const spans: UndeliveredSpan[] = [];
  for (const waiter of waiters) {
    const own = 'readUndelivered' in waiter ? waiter.readUndelivered(engine) : spansOf(engine, waiter);
    for (const span of await own) spans.push(span);
  }
  return spans;
}

async function spansOf(engine: Engine, { destination, pipelines }: DestinationWaiter): Promise<UndeliveredSpan[]> {
  const position = await readPosition({ engine, destination });
  if (!position) return [];
  const found = await engine.rows<{ table: RetainedTable; fromMs: number; toMs: number }>({
    sql: `
      SELECT
        span.1 AS table,
        1000 * toUnixTimestamp(toStartOfDay(span.2)) AS fromMs,
        1000 * toUnixTimestamp(toStartOfDay(span.3)) + ${dayMs} AS toMs
      FROM ledger
      ARRAY JOIN [
        ('requests', first_time, last_time, rows > log_rows),
        ('logs', first_time, last_time, log_rows > 0),
        ('rejects', toNullable(stored_at - INTERVAL 1 DAY), toNullable(stored_at), rejected > 0)
      ] AS span
      WHERE span.4 AND span.2 IS NOT NULL AND ${inRange} AND ${isTaken} AND batch NOT IN (
        SELECT batch FROM shipments
        WHERE destination = {destination:String} AND ${inRange}
        GROUP BY batch HAVING argMax(state, attempt) != 'failed'
      )
      GROUP BY table, fromMs, toMs
      ORDER BY fromMs
      LIMIT ${mostSpans + 1}`,
    params: { ...rangeParams(position), ...pipelineParams({ pipelines }), destination },
  });
  if (found.length <= mostSpans) return found.map((span) => ({ destination, ...span }));
  const all = { destination, fromMs: 0, toMs: Number.MAX_SAFE_INTEGER };
  return [...new Set(found.map(({ table }) => table))].map((table) => ({ ...all, table }));
}
