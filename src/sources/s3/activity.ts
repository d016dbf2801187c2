import { setTimeout as pause } from 'node:timers/promises';
import { describeFailure, failureKind } from './failure.ts';

/** What became of objects and messages since the start. */
export interface S3Counts {
  stored: number;
  /** Stored before, and left alone. */
  known: number;
  /** No longer there when their turn came. */
  gone: number;
  /** No logs: folders, empty objects, test files. */
  ignored: number;
  /** Told of as removed. */
  removed: number;
  /** Messages that are no notifications of S3, left to the queue's redrive policy. */
  unknownMessages: number;
  /** Objects that could not be stored for a reason of their own; they come again. */
  failed: number;
}

const firstPauseMs = 200;
const longestPauseMs = 30_000;

/** Twice as long each time, with jitter, so that many workers do not return at once. */
export function pauseBeforeRetryMs(attempt: number): number {
  return (0.5 + Math.random() / 2) * Math.min(longestPauseMs, firstPauseMs * 2 ** Math.min(attempt - 1, 16));
}

/** What a source is doing, for its status; and the one place where calls are repeated, so that all of them count. */
export class Activity {
  readonly counts: S3Counts = { stored: 0, known: 0, gone: 0, ignored: 0, removed: 0, unknownMessages: 0, failed: 0 };
  retries = 0;
  /** The last failure of an object of its own, or a message that cannot be read. */
  lastOddity: string | undefined;
  private readonly retrying = new Map<symbol, string>();

  /** What is being repeated at present, in words. */
  get problem(): string | undefined {
    return this.retrying.values().next().value;
  }

  /**
   * Repeats a call while its failure may pass by itself, for ever.
   * @param what for people: `read "s3://bucket/key"`
   * @throws the call's own error when it is of another kind, or the signal's reason
   */
  async repeat<T>(what: string, signal: AbortSignal, call: () => Promise<T>): Promise<T> {
    const self = Symbol(what);
    try {
      for (let attempt = 1; ; attempt++) {
        signal.throwIfAborted();
        try {
          return await call();
        } catch (error) {
          if (signal.aborted || failureKind(error) !== 'passing') throw error;
          this.retries++;
          this.retrying.set(self, `cannot ${what}: ${describeFailure(error)}; trying again`);
        }
        await pause(pauseBeforeRetryMs(attempt), undefined, { signal });
      }
    } finally {
      this.retrying.delete(self);
    }
  }
}
