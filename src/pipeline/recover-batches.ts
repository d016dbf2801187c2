import type { Engine } from '../engine/engine.ts';
import { purgeBatches, unfinishedBatches } from './ledger.ts';

/**
 * Takes back what batches stored that did not come to their end, because the process was killed or the disk was full.
 * Must run when a store is opened, before anything is stored: their files are then simply stored again.
 * @returns how many batches were taken back
 */
export async function recoverBatches(engine: Engine): Promise<number> {
  const batches = await unfinishedBatches(engine);
  await purgeBatches(engine, batches);
  return batches.length;
}
