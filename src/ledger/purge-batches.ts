import type { Engine } from '../engine/engine.ts';
import { checkRoomToPurge } from './room-to-purge.ts';

/** What the plan announced first, the plan itself last, so that an interrupted deletion starts again. */
const purgedTables = ['requests', 'logs', 'rejects', 'tallies', 'header_lines', 'plans'];

/**
 * Takes back whatever was stored of unfinished batches.
 * @throws EngineError `TAILRACE_DISK_FULL` when there is no room for it; nothing was started then
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
