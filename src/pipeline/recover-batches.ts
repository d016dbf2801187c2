import type { Engine } from '../engine/engine.ts';
import { continueAfter } from './batch-id.ts';
import { lastBatch, purgeBatches, unfinishedBatches } from './ledger.ts';
import { deadAfterSeconds } from './worker.ts';

/**
 * Takes back what batches stored that did not come to their end, because the process was killed or the disk was full.
 * Must run when a store is opened, before anything is stored: their lines are then simply stored again. On a server,
 * where other processes are at work, only batches of those that are dead are taken back.
 * @returns how many batches were taken back
 */
export async function recoverBatches(engine: Engine): Promise<number> {
  const last = await lastBatch(engine);
  if (last !== undefined) continueAfter(last);
  const batches = await unfinishedBatches(engine, engine.kind === 'server' ? deadAfterSeconds : undefined);
  await purgeBatches(engine, batches);
  return batches.length;
}
