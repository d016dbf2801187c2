import type { Engine } from '../engine/engine.ts';

/** How long rows are kept, seconds by the time of their event (rejects: of their arrival); null is for ever. */
export interface Retention {
  readonly requestsSeconds: number | null;
  readonly rejectsSeconds: number | null;
  readonly logsSeconds: number | null;
}

/** Makes the tables delete what is older. The engine does it in the background, whole days at once where it can. */
export async function applyRetention(engine: Engine, retention: Retention): Promise<void> {
  await setLifetime(engine, 'requests', 'toDateTime(time)', retention.requestsSeconds);
  await setLifetime(engine, 'logs', 'toDateTime(time)', retention.logsSeconds);
  await setLifetime(engine, 'rejects', 'at', retention.rejectsSeconds);
}

async function setLifetime(engine: Engine, table: string, time: string, seconds: number | null): Promise<void> {
  const [found] = await engine.rows<{ definition: string }>({
    sql: `SELECT create_table_query AS definition FROM system.tables
          WHERE database = currentDatabase() AND name = {table:String}`,
    params: { table },
  });
  const [, lifetime = ''] = found?.definition.split(' TTL ') ?? [];
  const now = /Second\((\d+)\)/.exec(lifetime)?.[1];
  if ((now ?? null) === (seconds === null ? null : String(seconds))) return;
  // Rows that are too old by now go with the next merges; rewriting all parts at once would stall a start.
  const change = seconds === null ? 'REMOVE TTL' : `MODIFY TTL ${time} + toIntervalSecond(${Math.trunc(seconds)})`;
  await engine.run({ sql: `ALTER TABLE ${table} ${change}`, settings: { materialize_ttl_after_modify: 0 } });
}
