/**
 * The stable codes of all engine errors; part of the project's error catalogue.
 *
 * | code | meaning |
 * |---|---|
 * | `TAILRACE_STORE_LOCKED` | another process, named by its pid, holds the data directory |
 * | `TAILRACE_STORE_UNAVAILABLE` | the directory or the server cannot be used (rights, address, password, outage) |
 * | `TAILRACE_DISK_FULL` | the engine could not write because no space is left |
 * | `TAILRACE_QUERY_REFUSED` | a question that is not allowed: files, network, settings, writing, several statements |
 * | `TAILRACE_QUERY_LIMIT` | time, memory or rows ran out |
 * | `TAILRACE_QUERY_FAILED` | the engine could not parse or execute the statement |
 * | `TAILRACE_QUERY_CANCELLED` | the caller aborted, or the engine is closing |
 * | `TAILRACE_INPUT_UNREADABLE` | an input file is missing, truncated or not what it claims to be |
 */
export type EngineErrorCode =
  | 'TAILRACE_STORE_LOCKED'
  | 'TAILRACE_STORE_UNAVAILABLE'
  | 'TAILRACE_DISK_FULL'
  | 'TAILRACE_QUERY_REFUSED'
  | 'TAILRACE_QUERY_LIMIT'
  | 'TAILRACE_QUERY_FAILED'
  | 'TAILRACE_QUERY_CANCELLED'
  | 'TAILRACE_INPUT_UNREADABLE';

export interface EngineErrorDetails {
  readonly cause?: unknown;
  /** The same call may succeed later without any change to it. Default false. */
  readonly retryable?: boolean;
  /** When to retry, if that is known. */
  readonly retryAfterSeconds?: number;
  /** ClickHouse's own error number, if it has one. */
  readonly clickhouseCode?: number;
  /** 1-based index of the faulty input file, as in the column `object`; absent if unknown. */
  readonly object?: number;
}

/** Every {@link Engine} method rejects with one of these. */
export class EngineError extends Error {
  override readonly name = 'EngineError';
  readonly code: EngineErrorCode;
  readonly retryable: boolean;
  readonly retryAfterSeconds: number | undefined;
  readonly clickhouseCode: number | undefined;
  readonly object: number | undefined;

  constructor(code: EngineErrorCode, message: string, details: EngineErrorDetails = {}) {
    super(message, details.cause === undefined ? undefined : { cause: details.cause });
    this.code = code;
    this.retryable = details.retryable ?? false;
    this.retryAfterSeconds = details.retryAfterSeconds;
    this.clickhouseCode = details.clickhouseCode;
    this.object = details.object;
  }
}

/** The error of a call that was aborted by its own signal. */
export function cancelled(cause?: unknown): EngineError {
  return new EngineError('TAILRACE_QUERY_CANCELLED', 'cannot finish the query: it was cancelled', { cause });
}

/** The error of a call after, or ended by, {@link Engine.close}. */
export function closedEngine(): EngineError {
  return new EngineError('TAILRACE_QUERY_CANCELLED', 'cannot run the query: the engine is closing; open it again');
}

export function isDiskFull(error: unknown): error is EngineError {
  return error instanceof EngineError && error.code === 'TAILRACE_DISK_FULL';
}
