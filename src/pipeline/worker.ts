import { randomUUID } from 'node:crypto';
import type { Engine } from '../engine/engine.ts';

/** How often a worker says that it lives. */
const beatMs = 5_000;
/** A worker that could not say so for this long closes no batch any more… */
const trustedMs = 20_000;
/** …long before others take its batches back, by the store's clock. */
export const deadAfterSeconds = 60;

/** This process among those that store into the same tables. */
export interface Worker {
  readonly id: string;
  /** Whether the others still believe that it lives; if not, they may be taking its batches back. */
  isTrusted(): boolean;
  stop(): void;
}

/**
 * Announces this process. An embedded store has one process only, and needs no announcement.
 * @throws EngineError when the store does not take the first one
 */
export async function startWorker(engine: Engine): Promise<Worker> {
  const id = randomUUID();
  if (engine.kind === 'embedded') return { id, isTrusted: () => true, stop: () => {} };
  let lastMs = 0;
  const beat = async () => {
    // Taken before the store answers: the others count from when it arrived there.
    const startedMs = performance.now();
    await engine.run({
      sql: 'INSERT INTO workers (worker, seen_at) SELECT {id:String}, now64(3)',
      params: { id },
    });
    lastMs = startedMs;
  };
  await beat();
  const timer = setInterval(() => void beat().catch(() => {}), beatMs);
  return { id, isTrusted: () => performance.now() - lastMs < trustedMs, stop: () => clearInterval(timer) };
}
