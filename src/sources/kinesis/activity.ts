import { setTimeout as pause } from 'node:timers/promises';
import type { SourceStatus } from '../source.ts';
import { describeFailure, failureKind } from './failure.ts';

/** How a shard is doing, for people. */
export interface ShardActivity {
  lagMs?: number;
  /** When the oldest record that is held and not stored yet reached the stream. */
  oldestArrivedAtMs?: number | undefined;
}

const firstPauseMs = 100;
const longestPauseMs = 10_000;

/** What the source is doing, for its status; and the one place where calls are repeated, so that all of them count. */
export class Activity {
  state: 'starting' | 'running' | 'stopped' = 'starting';
  retries = 0;
  readonly shards = new Map<string, ShardActivity>();
  readonly #problems = new Map<symbol, string>();
  readonly #maxAttempts: number;

  /** @param maxAttempts after which a call is not repeated any more */
  constructor(maxAttempts = Number.POSITIVE_INFINITY) {
    this.#maxAttempts = maxAttempts;
  }

  status(nowMs = Date.now()): SourceStatus {
    const problem = this.#problems.values().next().value;
    const parts = [...this.shards].map(([name, { lagMs, oldestArrivedAtMs }]) => ({
      name,
      ...(lagMs === undefined ? {} : { lagMs }),
      ...(oldestArrivedAtMs === undefined ? {} : { oldestUnacknowledgedMs: Math.max(0, nowMs - oldestArrivedAtMs) }),
    }));
    const state = problem !== undefined && this.state !== 'stopped' ? 'retrying' : this.state;
    return { state, retries: this.retries, parts, ...(problem === undefined ? {} : { problem }) };
  }

  /**
   * Repeats a call while its failure may pass by itself, with growing pauses and jitter.
   * @param what for people: `read "edge-logs"`
   * @throws the call's own error when it is of another kind, or the signal's reason
   */
  async repeat<T>(
    what: string,
    signal: AbortSignal,
    call: () => Promise<T>,
    passes: (error: unknown) => boolean = (error) => failureKind(error) === 'passing',
  ): Promise<T> {
    const self = Symbol(what);
    try {
      for (let attempt = 0; ; attempt++) {
        signal.throwIfAborted();
        try {
          return await call();
        } catch (error) {
          signal.throwIfAborted();
          if (!passes(error) || attempt + 1 >= this.#maxAttempts) throw error;
          this.retries++;
          this.#problems.set(self, `cannot ${what}: ${describeFailure(error)}; trying again`);
        }
        await pause(pauseBeforeRetryMs(attempt), undefined, { signal });
      }
    } finally {
      this.#problems.delete(self);
    }
  }
}

/** Twice as long each time; the jitter keeps many shards from coming back at once. */
export function pauseBeforeRetryMs(attempt: number): number {
  return (0.5 + Math.random() / 2) * Math.min(longestPauseMs, firstPauseMs * 2 ** Math.min(attempt, 16));
}
