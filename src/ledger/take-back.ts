import type { Engine } from '../engine/engine.ts';
import { EngineError, isDiskFull } from '../engine/engine-error.ts';
import { forbidBatches } from './forbid-batches.ts';
import { purgeBatches } from './purge-batches.ts';

/**
 * Takes back, for good, whatever was stored of unfinished batches: their running statements end first, and later ones
 * find that they may not store anything.
 * @returns batches that are closed after all, of which nothing was taken back
 * @throws EngineError `TAILRACE_DISK_FULL` when there is no room for it
 */
export async function takeBackBatches(engine: Engine, batches: readonly string[]): Promise<ReadonlySet<string>> {
  const closed = await forbidBatches(engine, batches);
  await purgeBatches(
    engine,
    batches.filter((batch) => !closed.has(batch)),
  );
  return closed;
}

/**
 * Takes back a failed batch. When that fails too, the store is unusable, whatever failed first: nothing more may be
 * tried with it, and the next start takes the batch back.
 * @returns whether the batch is closed after all
 * @throws LeftBehindError
 */
export async function takeBack(engine: Engine, batch: string, cause: unknown): Promise<boolean> {
  try {
    return (await takeBackBatches(engine, [batch])).has(batch);
  } catch (failure) {
    throw new LeftBehindError(batch, cause, failure);
  }
}

/** A batch failed and could not be taken back: parts of it may remain until it is. */
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
