import type { Engine } from '../engine/engine.ts';
import { formatSqlTime } from './report-window.ts';
import { requestsSum } from './scaled-sums.ts';

/** Extent and integrity of the stored data. Times are `YYYY-MM-DD HH:MM:SS.mmm` UTC. */
export interface StoreRange {
  /** When this was read, by the clock of the program. */
  readonly now: string;
  /** Earliest and latest event that is not dated in the future; null while there is none. */
  readonly firstTime: string | null;
  readonly lastTime: string | null;
  /** When the last batch was stored; null before the first. */
  readonly lastStoredAt: string | null;
  readonly rows: number;
  /** Rows dated in the future: in a minute that has not begun yet. They move no default range. */
  readonly future: number;
  /** Rows of `logs`, which are no requests. */
  readonly logRows: number;
  /** Earliest and latest of these that is not dated in the future; null while there is none. */
  readonly firstLogTime: string | null;
  readonly lastLogTime: string | null;
  /** Lines that could not be stored as rows and are in `rejects`. */
  readonly rejected: number;
  /** The busiest first, at most {@link maxNames}. */
  readonly distributions: readonly string[];
  readonly hosts: readonly string[];
}

/** Bounded, because clients can send any Host header. */
export const maxNames = 200;

/** Reads metadata of parts, the ledger and the rollup by minute, so it is cheap at any size. */
export async function readStoreRange(engine: Engine, nowMs = Date.now()): Promise<StoreRange> {
  const [events, logs, books, distributions, hosts] = await Promise.all([
    readEvents(engine, 'requests', nowMs),
    readEvents(engine, 'logs', nowMs),
    engine.rows<{ batches: number; lastStoredAt: string; rejected: number }>({
      sql: `
        SELECT count() AS batches, max(stored_at) AS lastStoredAt, (SELECT count() FROM rejects) AS rejected
        FROM ledger`,
    }),
    readBusiest(engine, 'distribution'),
    readBusiest(engine, 'host'),
  ]);
  const { batches = 0, lastStoredAt = null, rejected = 0 } = books[0] ?? {};
  return {
    now: new Date(nowMs).toISOString().replace('T', ' ').replace('Z', ''),
    ...events,
    lastStoredAt: batches === 0 ? null : lastStoredAt,
    logRows: logs.rows,
    firstLogTime: logs.firstTime,
    lastLogTime: logs.lastTime,
    rejected,
    distributions,
    hosts,
  };
}

type StoredEvents = Pick<StoreRange, 'firstTime' | 'lastTime' | 'rows' | 'future'>;

type Events = 'requests' | 'logs';

async function readEvents(engine: Engine, table: Events, nowMs: number): Promise<StoredEvents> {
  const [found] = await engine.rows<{ rows: number; firstTime: string; lastTime: string }>({
    sql: `SELECT count() AS rows, min(time) AS firstTime, max(time) AS lastTime FROM ${table}`,
  });
  if (!found || found.rows === 0) return { firstTime: null, lastTime: null, rows: 0, future: 0 };
  const now = formatSqlTime(nowMs);
  if (found.lastTime <= now) return { ...found, future: 0 };
  const [past] = await engine.rows<{ known: number; firstTime: string; lastTime: string }>({
    sql: `
      SELECT count() AS known, min(time) AS firstTime, max(time) AS lastTime
      FROM ${table}
      WHERE toStartOfMinute(time) <= {now:DateTime('UTC')}`,
    params: { now },
  });
  const { known = 0, firstTime = null, lastTime = null } = past ?? {};
  const times = known === 0 ? { firstTime: null, lastTime: null } : { firstTime, lastTime };
  return { ...times, rows: found.rows, future: found.rows - known };
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

/** Time of the last event as in {@link StoreRange}, for which less is read. */
export async function readLastEvent(
  engine: Engine,
  table: Events = 'requests',
  nowMs = Date.now(),
): Promise<string | null> {
  return (await readEvents(engine, table, nowMs)).lastTime;
}
