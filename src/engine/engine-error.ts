/**
 * The stable codes of everything that can go wrong in the engine; part of the project's error catalogue.
 *
 * | code | meaning |
 * |---|---|
 * | `TAILRACE_STORE_LOCKED` | another process, named by its pid, has the data directory open |
 * | `TAILRACE_STORE_UNAVAILABLE` | the directory or the server cannot be used (rights, address, password, outage) |
 * | `TAILRACE_DISK_FULL` | the engine could not write because no space is left |
 * | `TAILRACE_QUERY_REFUSED` | a question that people may not ask: files, network, settings, writing, several statements |
 * | `TAILRACE_QUERY_LIMIT` | time, memory or rows ran out |
 * | `TAILRACE_QUERY_FAILED` | the engine did not understand or could not carry out the statement |
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
  /** The same call may succeed later without anybody changing anything but the world. Default false. */
  readonly retryable?: boolean;
  /** ClickHouse's own error number, when it came from there. */
  readonly clickhouseCode?: number;
  /** 1-based index of the input file at fault, as in the column `object`; absent when unknown. */
  readonly object?: number;
}

/** Every rejection of an {@link Engine} method is one of these. */
export class EngineError extends Error {
  override readonly name = 'EngineError';
  readonly code: EngineErrorCode;
  readonly retryable: boolean;
  readonly clickhouseCode: number | undefined;
  readonly object: number | undefined;

  constructor(code: EngineErrorCode, message: string, details: EngineErrorDetails = {}) {
    super(message, details.cause === undefined ? undefined : { cause: details.cause });
    this.code = code;
    this.retryable = details.retryable ?? false;
    this.clickhouseCode = details.clickhouseCode;
    this.object = details.object;
  }
}

/** The error of a call that its own signal ended. */
export function cancelled(cause?: unknown): EngineError {
  return new EngineError('TAILRACE_QUERY_CANCELLED', 'cannot finish the query: it was cancelled', { cause });
}

/** The error of a call that came after, or was ended by, {@link Engine.close}. */
export function closedEngine(): EngineError {
  return new EngineError('TAILRACE_QUERY_CANCELLED', 'cannot run the query: the engine is closing; open it again');
}

export function isDiskFull(error: unknown): error is EngineError {
  return error instanceof EngineError && error.code === 'TAILRACE_DISK_FULL';
}
