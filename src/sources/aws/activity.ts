import { setTimeout as pause } from 'node:timers/promises';
import { type BackoffTimes, backoffMs } from '../../waiting/backoff.ts';
import type { PartStatus, SourceStatus } from '../source.ts';
import { type AwsCall, explain } from './explain-failure.ts';
import { describeFailure, failureKind } from './failure-kind.ts';

const pauses: BackoffTimes = { firstMs: 100, longestMs: 10_000 };

/** Status of a source, and the only place where calls are retried, so that all retries are counted. */
export class Activity {
  state: 'starting' | 'running' | 'stopped' = 'starting';
  retries = 0;
  readonly #problems = new Map<symbol, string>();
  readonly #maxAttempts: number;

  /** @param maxAttempts attempts after which a call is no longer retried */
  constructor(maxAttempts = Number.POSITIVE_INFINITY) {
    this.#maxAttempts = maxAttempts;
  }

  /** Description of the call that is being retried. */
  get problem(): string | undefined {
    return this.#problems.values().next().value;
  }

  /** @param oddity problem to report when nothing is being retried */
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
   * Retries a call while its failure is transient, with backoff.
   * @param what readable name of the call: `read "s3://bucket/key"`
   * @throws the call's own error when it is not transient, or the signal's reason
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
        await pause(backoffMs(attempt, pauses), undefined, { signal });
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
