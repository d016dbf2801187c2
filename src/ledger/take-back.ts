import type { Engine } from '../engine/engine.ts';
import { EngineError, isDiskFull } from '../engine/engine-error.ts';
import { purgeBatches } from './purge-batches.ts';

/**
 * When not even that works the store is at its end, whatever it was that went wrong first: nothing more may be tried
 * with it, and the next start takes the batch back.
 */
export async function takeBack(engine: Engine, batch: string, cause: unknown): Promise<void> {
  try {
    await purgeBatches(engine, [batch]);
  } catch (failure) {
    throw new LeftBehindError(batch, cause, failure);
  }
}

/** A batch that failed and could not even be taken back: parts of it may be there until somebody does. */
export class LeftBehindError extends EngineError {
  readonly batch: string;
  /** Why it was to be taken back. */
  readonly reason: unknown;

  constructor(batch: string, reason: unknown, failure: unknown) {
    const full = [reason, failure].find(isDiskFull);
    super(
      full ? 'TAILRACE_DISK_FULL' : 'TAILRACE_STORE_UNAVAILABLE',
      full?.message ??
        `cannot take back batch "${batch}": ${(failure as Error).message}; run the command again, which takes it back first`,
      { cause: failure, retryable: true },
    );
    this.batch = batch;
    this.reason = reason;
  }
}
