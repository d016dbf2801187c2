import type { Engine } from '../engine/engine.ts';

/** An event about an object, for the operator. */
export interface StoreEvent {
  readonly name: string;
  readonly origin: string;
  readonly batch: string;
  readonly detail: string;
}

/** Records that the store is damaged, unless the last event about it already does. */
export async function recordDamage(engine: Engine, detail: string): Promise<void> {
  await engine.run({
    sql: `INSERT INTO events (at, name, origin, batch, detail)
          SELECT now64(3), 'store_damaged', '', 0, {detail:String}
          WHERE {detail:String} != (
            SELECT argMax(detail, at) FROM events WHERE name IN ('store_damaged', 'store_repaired'))`,
    params: { detail },
  });
}

export async function writeEvent(engine: Engine, { name, origin, batch, detail }: StoreEvent): Promise<void> {
  await engine.run({
    sql: `INSERT INTO events (at, name, origin, batch, detail)
          SELECT now64(3), {name:String}, {origin:String}, {batch:UInt64}, {detail:String}`,
    params: { name, origin, batch, detail },
  });
}
