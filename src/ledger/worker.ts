import { randomUUID } from 'node:crypto';
import type { Engine } from '../engine/engine.ts';
import { continueAfter } from './batch-id.ts';
import { newestBatch } from './newest-batch.ts';

/** Interval of a worker's heartbeat. */
const beatMs = 5_000;
/** After this long without a heartbeat a worker closes no batch any more… */
const trustedMs = 20_000;
/** …nor does the store, by its own clock, close one for it: a suspended process has lost track of time… */
const trustedSeconds = 40;
/** …long before other workers take its batches back. */
export const deadAfterSeconds = 60;

/** This process among the workers that store into the same tables. */
export interface Worker {
  /** Changes after the worker was considered dead: no batch of the former id can be closed any more. */
  readonly id: string;
  /** Whether the others still consider it alive; if not, they may be taking its batches back. */
  isTrusted(): boolean;
  stop(): void;
}

/**
 * Registers this process and sends heartbeats. An embedded store has only one process and needs no registration.
 * @throws EngineError when the store does not accept the first heartbeat
 */
export async function startWorker(engine: Engine): Promise<Worker> {
  let id = randomUUID();
  if (engine.kind === 'embedded') return { id, isTrusted: () => true, stop: () => {} };
  let lastMs = 0;
  const beat = async (isFirst: boolean) => {
    // Measured before the store answers: the others count from when the heartbeat arrived there.
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
    // The ids of all workers stay close together, whatever their clocks: a much older batch cannot be planned.
    continueAfter(await newestBatch(engine));
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

/** Workers that may close batches: one that was silent for longer may be considered dead, and never returns. */
export const trustedWorkers = `SELECT worker FROM workers WHERE ${isRecent('seen_at', `${trustedSeconds}`)}`;

/** SQL: whether the worker in the parameter `worker` may still write; empty where there is only one process. */
export const isTrustedWorker = `({worker:String} = '' OR {worker:String} IN (${trustedWorkers}))`;

/** A time in the future was written before the store's clock was set back, and means nothing now. */
export function isRecent(time: string, seconds: string): string {
  return `(${time} BETWEEN now64(3) - toIntervalSecond(${seconds}) AND now64(3) + toIntervalSecond(${seconds}))`;
}
