import { setTimeout as delay } from 'node:timers/promises';
import type { Engine } from '../engine/engine.ts';
import { leaveBehind, takeBackLeftBehind } from '../ledger/left-behind.ts';
import { LeftBehindError } from '../ledger/take-back.ts';
import { type BackoffTimes, backoffMs } from '../waiting/backoff.ts';
import { withDeadline } from '../waiting/deadline.ts';
import { mayPass, NotTheBytesError } from './batch-failure.ts';
import { CommitError } from './store-batch.ts';

export interface StoreEvents {
  readonly onEvent: (text: string) => void;
  readonly onProblem: (problem: string) => void;
  readonly onStored: () => void;
}

/** A caller that waits for the batch has given up. */
export class CallerLeftError extends Error {}

/** Waits for a store that may recover, as long as all callers concerned wait and attempts are left. */
export class Patience {
  readonly #engine: Engine;
  readonly #closing: AbortSignal;
  readonly #events: StoreEvents;
  readonly #attempts: number;

  /** @param attempts after so many failures in a row one is thrown */
  constructor(engine: Engine, closing: AbortSignal, events: StoreEvents, attempts: number) {
    this.#engine = engine;
    this.#closing = closing;
    this.#events = events;
    this.#attempts = attempts;
  }

  /**
   * Retries failures of the store or the disk, with backoff.
   * @throws CallerLeftError when the signal of a waiting caller aborted; the reason to close; any permanent failure
   */
  async retry<T>(waiting: readonly Waiting[], work: () => Promise<T>, passes = mayPass): Promise<T> {
    for (let attempt = 0; ; attempt++) {
      try {
        await takeBackLeftBehind(this.#engine).catch((cause: Error) => {
          throw new NotTheBytesError(cause);
        });
        const result = await work();
        this.#events.onStored();
        return result;
      } catch (cause) {
        if (cause instanceof LeftBehindError) leaveBehind(this.#engine, cause.batch);
        const reason = cause instanceof LeftBehindError && cause.reason instanceof CommitError ? cause.reason : cause;
        if (!passes(reason) || attempt + 1 >= this.#attempts) throw reason;
        await this.pause(waiting, attempt, reason as Error);
      }
    }
  }

  /** @throws as {@link retry} */
  async pause(waiting: readonly Waiting[], attempt: number, { message }: Error): Promise<void> {
    this.#events.onProblem(message);
    const waitMs = backoffMs(attempt + 1, pauses);
    for (let waited = 0; waited < waitMs; waited += pollMs) {
      if (this.#closing.aborted) throw this.#closing.reason;
      if (waiting.some(({ signal }) => signal?.aborted)) throw new CallerLeftError();
      await delay(pollMs);
    }
  }

  /** Whether to stop waiting: the sink closes, or a caller gave up. */
  isOver(cause: unknown): boolean {
    return this.#closing.aborted || cause instanceof CallerLeftError;
  }

  /** Waits for an answer, at most `graceMs` once the sink closes. @returns undefined when it did not come */
  async untilClosed<T>(answer: Promise<T>, graceMs: number): Promise<T | undefined> {
    const deadline = { afterMs: graceMs, from: this.#closing, onLate: () => undefined };
    return await withDeadline<T | undefined>(answer, deadline);
  }
}

interface Waiting {
  readonly signal?: AbortSignal;
}

const pauses: BackoffTimes = { firstMs: 250, longestMs: 10_000 };
const pollMs = 50;
