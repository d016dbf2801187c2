import type { Engine } from '../engine/engine.ts';
import { closeCommitted } from './close-batch.ts';
import { takeBackBatches } from './take-back.ts';

/**
 * Settles batches that were left unfinished under a lease: those that were committed with the lease count as stored and
 * lack only their ledger rows, any other is taken back.
 * @throws EngineError
 */
export async function settleBatches(
  engine: Engine,
  batches: readonly string[],
  committed: readonly string[],
): Promise<void> {
  for (const batch of batches.filter((id) => committed.includes(id))) await closeCommitted(engine, batch);
  await takeBackBatches(
    engine,
    batches.filter((id) => !committed.includes(id)),
  );
}
