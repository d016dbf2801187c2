import type { Engine } from '../engine/engine.ts';
import { closeCommitted } from './close-batch.ts';
import { unfinishedOf } from './plans.ts';
import { takeBackBatches } from './take-back.ts';

/**
 * Settles what another worker left unfinished for an origin whose lease this worker now holds: the batch committed with
 * the lease counts as stored and lacks only its ledger row, any other is taken back.
 * @throws EngineError
 */
export async function settleOrigin(engine: Engine, origin: string, committed: string | undefined): Promise<void> {
  const batches = await unfinishedOf(engine, origin);
  for (const batch of batches.filter((id) => id === committed)) await closeCommitted(engine, batch);
  await takeBackBatches(
    engine,
    batches.filter((id) => id !== committed),
  );
}
