import { cancelled, closedEngine, EngineError } from '../engine-error.ts';

interface Waiting {
  readonly enter: () => void;
  readonly refuse: (error: EngineError) => void;
}

export interface SlotLimits {
  /** Jobs that run at once. */
  readonly count: number;
  /** Jobs that may wait, and how long each; unlimited if absent. */
  readonly maxWaiting?: number;
  readonly maxWaitMs?: number;
}

/**
 * Limits the concurrent jobs of one purpose; the others wait in order of arrival. Purposes do not share slots, so
 * waiting jobs of one never delay another.
 */
export class JobSlots {
  readonly #limits: SlotLimits;
  readonly #queue: Waiting[] = [];
  #running = 0;
  #closed: Promise<void> | undefined;
  #whenIdle: (() => void) | undefined;

  constructor(limits: SlotLimits) {
    this.#limits = limits;
  }

  /**
   * Runs `work` in a slot.
   *
   * @throws EngineError `TAILRACE_QUERY_CANCELLED` when aborted while waiting, or closed; `TAILRACE_QUERY_LIMIT`,
   *   retryable, when too many wait or the wait is too long
   */
  async use<T>(work: () => Promise<T>, signal?: AbortSignal): Promise<T> {
    await this.#enter(signal);
    try {
      return await work();
    } finally {
      this.#leave();
    }
  }

  /** Refuses waiting and new jobs, and resolves when none runs any more. Lanes may share slots, so each may close them. */
  close(): Promise<void> {
    this.#closed ??= this.#close();
    return this.#closed;
  }

  async #close(): Promise<void> {
    for (const { refuse } of this.#queue.splice(0)) refuse(closedEngine());
    if (this.#running > 0) await new Promise<void>((resolve) => (this.#whenIdle = resolve));
  }

  async #enter(signal: AbortSignal | undefined): Promise<void> {
    const { count, maxWaiting = Number.POSITIVE_INFINITY, maxWaitMs } = this.#limits;
    if (this.#closed) throw closedEngine();
    if (signal?.aborted) throw cancelled(signal.reason);
    if (this.#running < count) {
      this.#running++;
      return;
    }
    if (this.#queue.length >= maxWaiting) throw busy();
    let timer: NodeJS.Timeout | undefined;
    let leave = () => {};
    try {
      await new Promise<void>((resolve, reject) => {
        const waiting: Waiting = { enter: resolve, refuse: reject };
        const refuse = (error: EngineError) => {
          this.#queue.splice(this.#queue.indexOf(waiting), 1);
          reject(error);
        };
        leave = () => refuse(cancelled(signal?.reason));
        signal?.addEventListener('abort', leave, { once: true });
        if (maxWaitMs !== undefined) timer = setTimeout(() => refuse(busy()), maxWaitMs);
        this.#queue.push(waiting);
      });
    } finally {
      signal?.removeEventListener('abort', leave);
      clearTimeout(timer);
    }
  }

  #leave(): void {
    const next = this.#queue.shift();
    if (next !== undefined) {
      next.enter();
      return;
    }
    this.#running--;
    if (this.#running === 0) this.#whenIdle?.();
  }
}

function busy(): EngineError {
  return new EngineError(
    'TAILRACE_QUERY_LIMIT',
    'cannot run the query: other queries take all the time of the engine; try again in a moment',
    { retryable: true },
  );
}
