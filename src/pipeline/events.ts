import type { Engine } from '../engine/engine.ts';
import { type BatchLayout, describeBatchLayout } from './batch-layout.ts';
import type { Books } from './file-input.ts';

/** From this share of rejected lines on, it is not broken lines but a layout that does not fit its input any more. */
const driftShare = 0.05;
const driftLines = 5;

/**
 * Looks at a stored batch for what somebody should know, writes it to `events` and returns it in words: a layout that
 * many lines do not fit, and columns that change within an object.
 * @param changedIn the object whose columns change midway, if any
 */
export async function recordEvents(
  engine: Engine,
  { batch, lines, rejected, comments }: Books & { batch: string },
  layout: BatchLayout,
  changedIn?: string,
): Promise<string[]> {
  const events: { name: string; origin: string; detail: string }[] = [];
  if (changedIn !== undefined) {
    events.push({
      name: 'columns_changed',
      origin: changedIn,
      detail: 'the columns change within the object; each part was read by its own header',
    });
  }
  if (rejected >= Math.max(driftLines, driftShare * (lines - comments))) {
    const [worst] = await engine.rows<{ example: string; reason: string; count: number; origins: number }>({
      sql: `
        SELECT any(origin) AS example, reason, count() AS count, uniqExact(origin) AS origins
        FROM rejects WHERE batch = {batch:UInt64} GROUP BY reason ORDER BY count DESC LIMIT 1`,
      params: { batch },
    });
    if (worst) {
      const more = worst.origins > 1 ? ` and ${worst.origins - 1} more` : '';
      events.push({
        name: 'layout_drift',
        origin: worst.example,
        detail:
          `${rejected} of ${lines - comments} lines do not fit the layout (${describeBatchLayout(layout)}); ` +
          `most often: ${worst.reason}, ${worst.count} times${more === '' ? '' : `, in this object${more}`}`,
      });
    }
  }
  for (const event of events) await writeEvent(engine, { ...event, batch });
  return events.map(({ name, origin, detail }) => `${name}: ${origin}: ${detail}`);
}

/** Something that somebody should know of an object. */
export interface StoreEvent {
  readonly name: string;
  readonly origin: string;
  readonly batch: string;
  readonly detail: string;
}

/** Writes down that the store is damaged, unless that is the last thing that is known of it. */
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
