import { EngineError, type EngineErrorCode } from '../engine/engine-error.ts';

/**
 * Codes of what goes wrong between a request and the engine; the engine's own are in {@link EngineErrorCode}.
 *
 * | code | status | meaning |
 * |---|---|---|
 * | `TAILRACE_REQUEST_INVALID` | 400 | a parameter or the body is not what the OpenAPI document says |
 * | `TAILRACE_TOKEN_REFUSED` | 401 | the token is missing or wrong |
 * | `TAILRACE_ORIGIN_REFUSED` | 403 | a page of another site may neither ask nor send |
 * | `TAILRACE_HOST_REFUSED` | 403 | the Host header names no host of this server |
 * | `TAILRACE_NOT_FOUND` | 404 | no such address or report |
 * | `TAILRACE_METHOD_REFUSED` | 405 | the address exists, for another method |
 * | `TAILRACE_REQUEST_TOO_SLOW` | 408 | headers or body come slower than any sender sends |
 * | `TAILRACE_BODY_TOO_LARGE` | 413 | the body is larger than a question, or a batch of logs, can be |
 * | `TAILRACE_MEDIA_TYPE` | 415 | the body is not sent as JSON, or in an encoding that is not known |
 * | `TAILRACE_BUSY` | 429 | too many requests wait already, or too many wrong tokens came from one address |
 * | `TAILRACE_INTERNAL` | 500 | a fault of the program |
 * | `TAILRACE_NOT_READY` | 503 | the engine does not answer, or the server is closing |
 */
export type ApiErrorCode =
  | EngineErrorCode
  | 'TAILRACE_REQUEST_INVALID'
  | 'TAILRACE_TOKEN_REFUSED'
  | 'TAILRACE_ORIGIN_REFUSED'
  | 'TAILRACE_HOST_REFUSED'
  | 'TAILRACE_NOT_FOUND'
  | 'TAILRACE_METHOD_REFUSED'
  | 'TAILRACE_REQUEST_TOO_SLOW'
  | 'TAILRACE_BODY_TOO_LARGE'
  | 'TAILRACE_MEDIA_TYPE'
  | 'TAILRACE_BUSY'
  | 'TAILRACE_INTERNAL'
  | 'TAILRACE_NOT_READY';

/** An error as a client sees it: `{ "error": { code, message, remedy? } }` with this status. */
export class ApiError extends Error {
  override readonly name = 'ApiError';
  readonly status: number;
  readonly code: ApiErrorCode;
  readonly remedy: string | undefined;
  /** For the header `Retry-After`. */
  readonly retryAfterSeconds: number | undefined;

  constructor(
    status: number,
    code: ApiErrorCode,
    message: string,
    details: { readonly remedy?: string; readonly retryAfterSeconds?: number; readonly cause?: unknown } = {},
  ) {
    super(message, details.cause === undefined ? undefined : { cause: details.cause });
    this.status = status;
    this.code = code;
    this.remedy = details.remedy;
    this.retryAfterSeconds = details.retryAfterSeconds;
  }

  get body(): { error: { code: ApiErrorCode; message: string; remedy?: string } } {
    const { code, message, remedy } = this;
    return { error: { code, message, ...(remedy === undefined ? {} : { remedy }) } };
  }
}

const retryAfterSeconds = 5;

/** An error of the engine as the answer to a person's own SQL. */
export function questionError(error: unknown): unknown {
  return error instanceof EngineError
    ? new ApiError(questionStatus(error), error.code, error.message, retry(error))
    : error;
}

/** An error of the engine as the answer to SQL of ours: what the engine does not understand there is our fault. */
export function reportError(error: unknown): unknown {
  if (!(error instanceof EngineError)) return error;
  const isOurs =
    !error.retryable && (error.code === 'TAILRACE_QUERY_FAILED' || error.code === 'TAILRACE_QUERY_REFUSED');
  return new ApiError(isOurs ? 500 : questionStatus(error), error.code, error.message, retry(error));
}

function questionStatus({ code, retryable }: EngineError): number {
  switch (code) {
    case 'TAILRACE_QUERY_REFUSED':
      return 400;
    case 'TAILRACE_QUERY_FAILED':
      return retryable ? 503 : 400;
    case 'TAILRACE_QUERY_LIMIT':
      return retryable ? 503 : 422;
    case 'TAILRACE_QUERY_CANCELLED':
    case 'TAILRACE_STORE_LOCKED':
    case 'TAILRACE_STORE_UNAVAILABLE':
    case 'TAILRACE_DISK_FULL':
      return 503;
    default:
      return 500;
  }
}

function retry(error: EngineError): { cause: EngineError; retryAfterSeconds?: number } {
  return { cause: error, ...(error.retryable ? { retryAfterSeconds } : {}) };
}
