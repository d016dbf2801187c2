import { setTimeout as pause } from 'node:timers/promises';
import type { PartStatus, SourceStatus } from '../source.ts';
import { type AwsCall, explain } from './explain-failure.ts';
import { describeFailure, failureKind } from './failure-kind.ts';

const firstPauseMs = 100;
const longestPauseMs = 10_000;

/** What a source is doing, for its status; and the one place where calls are repeated, so that all of them count. */
export class Activity {
  state: 'starting' | 'running' | 'stopped' = 'starting';
  retries = 0;
  readonly #problems = new Map<symbol, string>();
  readonly #maxAttempts: number;

  /** @param maxAttempts after which a call is not repeated any more */
  constructor(maxAttempts = Number.POSITIVE_INFINITY) {
    this.#maxAttempts = maxAttempts;
  }

  /** What is being repeated at present, in words. */
  get problem(): string | undefined {
    return this.#problems.values().next().value;
  }

  /** @param oddity what to tell when nothing is being repeated */
  statusWith(parts: readonly PartStatus[], oddity?: string): SourceStatus {
    const { problem = oddity, retries } = this;
    const isRetrying = this.problem !== undefined && this.state !== 'stopped';
    return {
      state: isRetrying ? 'retrying' : this.state,
      ...(problem === undefined ? {} : { problem }),
      retries,
      parts,
    };
  }

  /**
   * Repeats a call while its failure may pass by itself, with growing pauses.
   * @param what for people: `read "s3://bucket/key"`
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
      for (let attempt = 1; ; attempt++) {
        signal.throwIfAborted();
        try {
          return await call();
        } catch (error) {
          signal.throwIfAborted();
          if (!passes(error) || attempt >= this.#maxAttempts) throw error;
          this.retries++;
          this.#problems.set(self, `cannot ${what}: ${describeFailure(error)}; trying again`);
        }
        await pause(pauseAfterMs(attempt), undefined, { signal });
      }
    } finally {
      this.#problems.delete(self);
    }
  }

  /** As {@link repeat}. @throws UnmendableError, which names the IAM action; the signal's reason */
  async call<T>(call: AwsCall, signal: AbortSignal, send: () => Promise<T>): Promise<T> {
    try {
      return await this.repeat(call.what, signal, send);
    } catch (error) {
      throw signal.aborted ? error : explain(error, call);
    }
  }
}

/** Twice as long each time, with jitter, so that shards and workers do not all return at once. */
function pauseAfterMs(attempt: number): number {
  return (0.5 + Math.random() / 2) * Math.min(longestPauseMs, firstPauseMs * 2 ** Math.min(attempt - 1, 16));
}
