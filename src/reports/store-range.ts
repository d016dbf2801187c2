import type { Engine } from '../engine/engine.ts';
import { requestsSum } from './scaled-sums.ts';

/** Extent and integrity of the stored data. Times are `YYYY-MM-DD HH:MM:SS.mmm` UTC. */
export interface StoreRange {
  /** Earliest and latest event; null while no row is stored. */
  readonly firstTime: string | null;
  readonly lastTime: string | null;
  /** When the last batch was stored; null before the first. */
  readonly lastStoredAt: string | null;
  readonly rows: number;
  /** Lines that could not be stored as rows and are in `rejects`. */
  readonly rejected: number;
  /** The busiest first, at most {@link maxNames}. */
  readonly distributions: readonly string[];
  readonly hosts: readonly string[];
}

/** Bounded, because clients can send any Host header. */
export const maxNames = 200;

/** Reads metadata of parts, the ledger and the rollup by minute, so it is cheap at any size. */
export async function readStoreRange(engine: Engine): Promise<StoreRange> {
  const [events, books, distributions, hosts] = await Promise.all([
    engine.rows<{ rows: number; firstTime: string; lastTime: string }>({
      sql: 'SELECT count() AS rows, min(time) AS firstTime, max(time) AS lastTime FROM requests',
    }),
    engine.rows<{ batches: number; lastStoredAt: string; rejected: number }>({
      sql: `
        SELECT count() AS batches, max(stored_at) AS lastStoredAt, (SELECT count() FROM rejects) AS rejected
        FROM ledger`,
    }),
    readBusiest(engine, 'distribution'),
    readBusiest(engine, 'host'),
  ]);
  const { rows = 0, firstTime = null, lastTime = null } = events[0] ?? {};
  const { batches = 0, lastStoredAt = null, rejected = 0 } = books[0] ?? {};
  const isEmpty = rows === 0;
  return {
    firstTime: isEmpty ? null : firstTime,
    lastTime: isEmpty ? null : lastTime,
    lastStoredAt: batches === 0 ? null : lastStoredAt,
    rows,
    rejected,
    distributions,
    hosts,
  };
}

async function readBusiest(engine: Engine, column: 'distribution' | 'host'): Promise<string[]> {
  const rows = await engine.rows<{ name: string }>({
    sql: `
      SELECT ${column} AS name
      FROM requests
      GROUP BY name
      HAVING name != ''
      ORDER BY ${requestsSum} DESC, name
      LIMIT {most:UInt32}`,
    params: { most: maxNames },
  });
  return rows.map(({ name }) => name);
}

/** Time of the last event; null while no row is stored. Cheaper than {@link readStoreRange}. */
export async function readLastEvent(engine: Engine): Promise<string | null> {
  const [found] = await engine.rows<{ rows: number; lastTime: string }>({
    sql: 'SELECT count() AS rows, max(time) AS lastTime FROM requests',
  });
  return found && found.rows > 0 ? found.lastTime : null;
}
