import type { Engine } from '../engine/engine.ts';
import { checkRoomToPurge } from './room-to-purge.ts';

/** From what the plan announced to the plan itself, which goes last: a deletion that is cut short is begun again. */
const purgedTables = ['requests', 'logs', 'rejects', 'tallies', 'header_lines', 'plans'];

/**
 * Takes back whatever was stored of batches that did not come to their end.
 * @throws EngineError `TAILRACE_DISK_FULL` when there is no room for it; nothing was begun then
 */
export async function purgeBatches(engine: Engine, batches: readonly string[]): Promise<void> {
  if (batches.length === 0) return;
  await checkRoomToPurge(engine, purgedTables);
  for (const table of purgedTables) {
    await engine.run({
      sql: `ALTER TABLE ${table} DELETE WHERE batch IN {batches:Array(UInt64)}`,
      params: { batches: batches.map(BigInt) },
      settings: { mutations_sync: 2 },
    });
  }
}
