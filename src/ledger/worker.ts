import { randomUUID } from 'node:crypto';
import type { Engine } from '../engine/engine.ts';

/** How often a worker says that it lives. */
const beatMs = 5_000;
/** A worker that could not say so for this long closes no batch any more… */
const trustedMs = 20_000;
/** …nor does the store close one for it, by its own clock: a process that was suspended has lost count of time… */
const trustedSeconds = 40;
/** …long before others take its batches back. */
export const deadAfterSeconds = 60;

/** This process among those that store into the same tables. */
export interface Worker {
  /** Another one after it was given up: nothing of the one before can be closed any more. */
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
  let id = randomUUID();
  if (engine.kind === 'embedded') return { id, isTrusted: () => true, stop: () => {} };
  let lastMs = 0;
  const beat = async (isFirst: boolean) => {
    // Taken before the store answers: the others count from when it arrived there.
    const startedMs = performance.now();
    await engine.run({
      sql: `
        INSERT INTO workers (worker, seen_at)
        SELECT {id:String}, now64(3)
        WHERE {is_first:Bool} OR {id:String} IN (${trustedWorkers})`,
      params: { id, is_first: isFirst },
    });
    const [found] = await engine.rows<{ alive: number }>({
      sql: `SELECT {id:String} IN (${trustedWorkers}) AS alive`,
      params: { id },
    });
    if (!found?.alive) {
      id = randomUUID();
      return beat(true);
    }
    lastMs = startedMs;
  };
  await beat(true);
  const timer = setInterval(() => void beat(false).catch(() => {}), beatMs);
  return {
    get id() {
      return id;
    },
    isTrusted: () => performance.now() - lastMs < trustedMs,
    stop: () => clearInterval(timer),
  };
}

/** Those that may close batches: whoever was silent for longer may have been given up, and never comes back. */
export const trustedWorkers = `SELECT worker FROM workers WHERE ${isRecent('seen_at', `${trustedSeconds}`)}`;

/** A time in the future was written before the store's clock was set back, and says nothing of today. */
export function isRecent(time: string, seconds: string): string {
  return `(${time} BETWEEN now64(3) - toIntervalSecond(${seconds}) AND now64(3) + toIntervalSecond(${seconds}))`;
}
