import type { Engine } from '../engine/engine.ts';
import { applyRetention, type Retention } from '../store/retention.ts';
import { inRange, isTaken, pipelineParams, rangeParams, readPosition, type Shipper } from './shipping-position.ts';

/** How long before its end the lifetime of rows is extended: longer than the time between two looks. */
const marginSeconds = 3600;

/** A destination that rows wait for. */
export type Waiter = Pick<Shipper, 'destination' | 'pipelines'>;

/**
 * Sets the lifetime of rows: longer for a table of which rows that will expire soon have not been delivered. Must be called
 * regularly.
 */
export async function holdRetention(engine: Engine, retention: Retention, waiters: readonly Waiter[]): Promise<void> {
  const held = new Set<'requests' | 'logs' | 'rejects'>();
  for (const waiter of waiters) {
    for (const table of await expiringTables(engine, retention, waiter)) held.add(table);
  }
  await applyRetention(engine, retention, held);
}

async function expiringTables(engine: Engine, retention: Retention, { destination, pipelines }: Waiter) {
  const position = await readPosition({ engine, destination });
  if (!position) return [];
  const lifetimes = Object.entries({
    requests: ['rows > log_rows', 'first_time', retention.requestsSeconds],
    logs: ['log_rows > 0', 'first_time', retention.logsSeconds],
    rejects: ['rejected > 0', 'stored_at', retention.rejectsSeconds],
  } as const).filter(([, [, , seconds]]) => seconds !== null);
  if (lifetimes.length === 0) return [];
  const [found] = await engine.rows<Record<string, number>>({
    sql: `
      SELECT ${lifetimes.map(([table, [has, time, seconds]]) => `countIf(${has} AND ${time} < now64(3) - ${(seconds ?? 0) - marginSeconds}) > 0 AS ${table}`).join(', ')}
      FROM ledger
      WHERE ${inRange} AND ${isTaken} AND batch NOT IN (
        SELECT batch FROM shipments
        WHERE destination = {destination:String} AND ${inRange}
        GROUP BY batch HAVING argMax(state, attempt) != 'failed'
      )`,
    params: { ...rangeParams(position), ...pipelineParams({ pipelines }), destination },
  });
  return lifetimes.flatMap(([table]) => (found?.[table] ? [table as 'requests' | 'logs' | 'rejects'] : []));
}
