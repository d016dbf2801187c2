import { cancelled, closedEngine, type EngineError } from '../engine-error.ts';
import type { ChdbSession } from './chdb-session.ts';

interface Waiting {
  readonly take: (session: ChdbSession) => void;
  readonly fail: (error: EngineError) => void;
}

/**
 * Sessions for one purpose, each lent to one statement at a time, first come first served. Lanes do not share sessions,
 * so that what waits in one never delays another.
 */
export class SessionLane {
  readonly #free: ChdbSession[];
  readonly #all: readonly ChdbSession[];
  readonly #queue: Waiting[] = [];
  #closed = false;

  constructor(sessions: readonly ChdbSession[]) {
    this.#all = sessions;
    this.#free = [...sessions];
  }

  /** Runs `work` with a session of its own. @throws EngineError `TAILRACE_QUERY_CANCELLED` when aborted while waiting */
  async use<T>(work: (session: ChdbSession) => Promise<T>, signal?: AbortSignal): Promise<T> {
    const session = await this.take(signal);
    try {
      return await work(session);
    } finally {
      this.giveBack(session);
    }
  }

  take(signal?: AbortSignal): Promise<ChdbSession> {
    if (this.#closed) return Promise.reject(closedEngine());
    if (signal?.aborted) return Promise.reject(cancelled(signal.reason));
    const session = this.#free.pop();
    if (session !== undefined) return Promise.resolve(session);
    return new Promise((resolve, reject) => {
      const leave = () => {
        this.#queue.splice(this.#queue.indexOf(waiting), 1);
        reject(cancelled(signal?.reason));
      };
      const waiting: Waiting = {
        take: (freed) => {
          signal?.removeEventListener('abort', leave);
          resolve(freed);
        },
        fail: (error) => {
          signal?.removeEventListener('abort', leave);
          reject(error);
        },
      };
      signal?.addEventListener('abort', leave, { once: true });
      this.#queue.push(waiting);
    });
  }

  giveBack(session: ChdbSession): void {
    const next = this.#queue.shift();
    if (next === undefined) this.#free.push(session);
    else next.take(session);
  }

  /** Sessions that run something now. */
  get busy(): readonly ChdbSession[] {
    return this.#all.filter((session) => !this.#free.includes(session));
  }

  /** Refuses new work, ends what waits, and resolves when every session was given back and is closed. */
  async close(): Promise<void> {
    const running = this.#all.length - this.#free.length;
    this.#closed = true;
    for (const waiting of this.#queue.splice(0)) waiting.fail(closedEngine());
    const ended = Array.from(
      { length: running },
      () =>
        new Promise<void>((resolve) => {
          this.#queue.push({ take: () => resolve(), fail: () => resolve() });
        }),
    );
    await Promise.all(ended);
    for (const session of this.#all) session.close();
  }
}
