import type { Engine } from '../engine/engine.ts';

/** How long rows are kept, seconds since their event (rejects: since their arrival); null means forever. */
export interface Retention {
  readonly requestsSeconds: number | null;
  readonly rejectsSeconds: number | null;
  readonly logsSeconds: number | null;
}

/** How much longer rows are kept that a destination has not received. */
export const heldSeconds = 7 * 86_400;

/** A table is held while something that retention would delete soon has not been delivered. */
export type Held = ReadonlySet<keyof WholeSince>;

/** Sets the tables' TTL. The engine deletes older rows in the background, whole days at once where it can. */
export async function applyRetention(engine: Engine, retention: Retention, held: Held = new Set()): Promise<void> {
  const seconds = (table: keyof WholeSince, kept: number | null) =>
    kept === null || !held.has(table) ? kept : kept + heldSeconds;
  await setLifetime(engine, 'requests', 'toDateTime(time)', seconds('requests', retention.requestsSeconds));
  await setLifetime(engine, 'logs', 'toDateTime(time)', seconds('logs', retention.logsSeconds));
  await setLifetime(engine, 'rejects', 'at', seconds('rejects', retention.rejectsSeconds));
}

/** A table's current lifetime in seconds, as SQL over `system.tables`; null means forever. */
const lifetime = `toUInt64OrNull(extract(create_table_query, '\\\\bTTL .*?toIntervalSecond\\\\((\\\\d+)\\\\)'))`;

async function setLifetime(engine: Engine, table: string, time: string, seconds: number | null): Promise<void> {
  const [found] = await engine.rows<{ now: number | null }>({
    sql: `SELECT ${lifetime} AS now FROM system.tables WHERE database = currentDatabase() AND name = {table:String}`,
    params: { table },
  });
  const now = found?.now ?? null;
  if (now === seconds) return;
  if (now !== null) await recordExpiration(engine, table, now);
  // Rows that are already too old go with the next merges; rewriting all parts at once would stall startup.
  const change = seconds === null ? 'REMOVE TTL' : `MODIFY TTL ${time} + toIntervalSecond(${Math.trunc(seconds)})`;
  await engine.run({ sql: `ALTER TABLE ${table} ${change}`, settings: { materialize_ttl_after_modify: 0 } });
}

/** After a change of the lifetime, this is the only record of why older rows are gone. */
async function recordExpiration(engine: Engine, table: string, seconds: number): Promise<void> {
  await engine.run({
    sql: `INSERT INTO expirations (table_name, before)
          SELECT {table:String}, now64(3) - toIntervalSecond({seconds:UInt64})`,
    params: { table, seconds },
  });
}

/** The first day (`YYYY-MM-DD`) from which retention cannot have deleted any row. */
export interface WholeSince {
  readonly requests: string;
  readonly logs: string;
  readonly rejects: string;
}

/** Used when nothing was ever deleted. */
export const alwaysWhole = '1970-01-01';

export async function readWholeSince(engine: Engine): Promise<WholeSince> {
  const rows = await engine.rows<{ name: keyof WholeSince; day: string }>({
    sql: `
      -- A date has no days before 1970.
      SELECT name, toString(toDate(greatest(max(before), toDateTime64(0, 3, 'UTC'))) + 1) AS day
      FROM (
        SELECT name, now64(3) - toIntervalSecond(assumeNotNull(${lifetime})) AS before
        FROM system.tables
        WHERE database = currentDatabase() AND name IN ('requests', 'logs', 'rejects') AND ${lifetime} IS NOT NULL
        UNION ALL
        SELECT table_name, before FROM expirations
      )
      GROUP BY name`,
  });
  const days = Object.fromEntries(rows.map(({ name, day }) => [name, day]));
  return { requests: alwaysWhole, logs: alwaysWhole, rejects: alwaysWhole, ...days };
}
