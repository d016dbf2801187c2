import type { Engine } from '../engine/engine.ts';
import { EngineError } from '../engine/engine-error.ts';
import { findLedgerLoss, type LedgerState, markLedger, openRange, readLedgerState } from '../store/ledger-mark.ts';
import { continueAfter } from './batch-id.ts';
import { findLateBatches } from './forbid-batches.ts';
import { newestBatch } from './newest-batch.ts';
import { unfinishedBatches } from './plans.ts';
import { purgeBatches } from './purge-batches.ts';
import { takeBackBatches } from './take-back.ts';
import { deadAfterSeconds } from './worker.ts';

/**
 * Takes back what unfinished batches stored, whose process was killed or whose disk was full. Must run when a store is
 * opened, before anything is stored: their lines are then simply stored again. On a server, where other processes may
 * be running, only batches of dead workers are taken back.
 * @param known the state of the ledger, if it was read already and nothing was stored since
 * @returns how many batches were taken back
 * @throws EngineError `TAILRACE_STORE_UNAVAILABLE` when the ledger has lost entries: stored batches then look
 *   unfinished, and their files unknown
 */
export async function recoverBatches(engine: Engine, known?: LedgerState): Promise<number> {
  const state = known ?? (await readLedgerState(engine));
  const loss = findLedgerLoss(state);
  if (loss !== undefined) {
    throw new EngineError(
      'TAILRACE_STORE_UNAVAILABLE',
      `cannot store anything: the ledger is damaged, ${loss}; run "tailrace verify --repair"`,
    );
  }
  const { mark } = state;
  const silentSeconds = engine.kind === 'server' ? deadAfterSeconds : undefined;
  const [newest, batches] = await Promise.all([
    newestBatch(engine),
    openRange(engine, mark).then((range) => unfinishedBatches(engine, silentSeconds, range)),
  ]);
  continueAfter(newest);
  await takeBackBatches(engine, batches);
  if (engine.kind === 'server') await purgeBatches(engine, await findLateBatches(engine));
  await markLedger(engine, batches.length === 0 ? mark : undefined);
  return batches.length;
}
