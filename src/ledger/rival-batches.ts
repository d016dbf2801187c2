import { setTimeout as delay } from 'node:timers/promises';
import type { Engine } from '../engine/engine.ts';
import { readOpenRange } from '../store/ledger-mark.ts';

const lookEveryMs = 200;
const mostLooks = 50;

/**
 * Decides between unfinished batches of several workers that have an object in common, so that one of them is closed.
 *
 * Each batch is planned before its worker looks, so of two batches the one that looks later sees the other. If both see
 * each other, the one with the greater id yields. If only one does, the other may be closing: the one with the smaller
 * id waits until that is decided, and the one with the greater id yields here as well.
 * @returns batches that go first: this one must be taken back. Empty when it may be closed
 */
export async function findBatchesAhead(engine: Engine, batch: string): Promise<readonly string[]> {
  const rivals = await findRivals(engine, batch);
  const ahead = rivals.filter((rival) => BigInt(rival) < BigInt(batch));
  if (ahead.length > 0) return ahead;
  return (await areSettled(engine, rivals)) ? [] : rivals;
}

/** Waits some seconds until these batches are closed or taken back. @returns whether all are */
export async function areSettled(engine: Engine, batches: readonly string[]): Promise<boolean> {
  if (batches.length === 0) return true;
  for (let look = 1; look <= mostLooks; look++) {
    const [found] = await engine.rows<{ open: number }>({
      sql: `
        SELECT count() AS open
        FROM plans
        WHERE batch IN {batches:Array(UInt64)}
          AND batch NOT IN (SELECT batch FROM ledger WHERE batch IN {batches:Array(UInt64)})`,
      params: { batches: batches.map(BigInt) },
      settings: { select_sequential_consistency: 1 },
    });
    if (found?.open === 0) return true;
    await delay(lookEveryMs);
  }
  return false;
}

/** Unfinished batches with an object of this one. Leases decide about those under a lease. */
async function findRivals(engine: Engine, batch: string): Promise<string[]> {
  const { sql: isInRange, params } = await readOpenRange(engine);
  const rows = await engine.rows<{ id: string }>({
    sql: `
      SELECT DISTINCT toString(batch) AS id
      FROM plans
      WHERE ${isInRange} AND batch != {batch:UInt64} AND NOT is_leased
        AND (origin, version) IN (SELECT origin, version FROM plans WHERE batch = {batch:UInt64})
        AND batch NOT IN (SELECT batch FROM ledger WHERE ${isInRange})`,
    params: { ...params, batch },
    settings: { select_sequential_consistency: 1 },
  });
  return rows.map(({ id }) => id);
}
