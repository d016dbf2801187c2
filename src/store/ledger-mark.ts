import type { Engine } from '../engine/engine.ts';
import type { DetachedPart } from './detached-parts.ts';

/**
 * Records the number of objects in the ledger. It only grows, so a lower count later reveals a loss, which
 * would otherwise look like batches that were never closed.
 */
export async function markLedger(engine: Engine): Promise<void> {
  await engine.run({
    sql: `
      INSERT INTO ledger_marks (sequence, batch, objects)
      SELECT ifNull(last.sequence, 0) + 1, l.batch, l.objects
      FROM (SELECT max(batch) AS batch, count() AS objects FROM ledger) AS l
      LEFT JOIN (${lastMark}) AS last ON true
      WHERE l.batch != last.batch OR l.objects != last.objects`,
  });
}

/** Describes how many objects the ledger has lost, as far as known; undefined if there is no sign of a loss. */
export async function findLedgerLoss(engine: Engine, detached: readonly DetachedPart[]): Promise<string | undefined> {
  const [mark] = await engine.rows<{ objects: number; left: number }>({
    sql: `
      SELECT objects, (SELECT count() FROM ledger WHERE batch <= (SELECT batch FROM (${lastMark}))) AS left
      FROM (${lastMark})`,
  });
  if (mark && mark.left < mark.objects) return `${mark.objects - mark.left} of ${mark.objects} objects are missing`;
  const isReadable = detached.every(({ table }) => table !== 'ledger');
  return isReadable ? undefined : 'objects may be missing';
}

export const lastMark = 'SELECT sequence, batch, objects FROM ledger_marks ORDER BY sequence DESC LIMIT 1';
