import { AlertRefusal } from '../alerts/alert-refusal.ts';
import { EngineError, type EngineErrorCode } from '../engine/engine-error.ts';
import { WindowRefusal } from '../windows/window-refusal.ts';

/**
 * Error codes of the HTTP layer; those of the engine are in {@link EngineErrorCode}.
 *
 * | code | status | meaning |
 * |---|---|---|
 * | `TAILRACE_REQUEST_INVALID` | 400 | a parameter or the body does not match the OpenAPI document |
 * | `TAILRACE_TOKEN_REFUSED` | 401 | the token is missing or wrong |
 * | `TAILRACE_ORIGIN_REFUSED` | 403 | a page of another site may neither query nor send |
 * | `TAILRACE_HOST_REFUSED` | 403 | the Host header does not name this server |
 * | `TAILRACE_NOT_FOUND` | 404 | no such path or report |
 * | `TAILRACE_METHOD_REFUSED` | 405 | the path exists, but not for this method |
 * | `TAILRACE_REQUEST_TOO_SLOW` | 408 | headers or body arrive slower than the minimum rate |
 * | `TAILRACE_CONFLICT` | 409 | the configuration, or what is there, does not permit the change |
 * | `TAILRACE_BODY_TOO_LARGE` | 413 | the body exceeds the limit for a query or a batch of logs |
 * | `TAILRACE_MEDIA_TYPE` | 415 | the body is not JSON, or has an unsupported content encoding |
 * | `TAILRACE_BUSY` | 429 | too many requests are waiting, or one address sent too many wrong tokens |
 * | `TAILRACE_INTERNAL` | 500 | a bug in the program |
 * | `TAILRACE_NOT_READY` | 503 | the engine does not answer, or the server is shutting down |
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
  | 'TAILRACE_CONFLICT'
  | 'TAILRACE_BODY_TOO_LARGE'
  | 'TAILRACE_MEDIA_TYPE'
  | 'TAILRACE_BUSY'
  | 'TAILRACE_INTERNAL'
  | 'TAILRACE_NOT_READY';

/** An error sent to the client as `{ "error": { code, message, remedy? } }` with this status. */
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

const defaultRetryAfterSeconds = 5;

/** Maps an engine error for SQL that the user wrote, and the refusal of a definition that holds it. */
export function questionError(error: unknown): unknown {
  if (error instanceof WindowRefusal || error instanceof AlertRefusal)
    return new ApiError(400, 'TAILRACE_QUERY_REFUSED', error.message);
  return error instanceof EngineError
    ? new ApiError(questionStatus(error), error.code, error.message, retry(error))
    : error;
}

/** Maps an engine error for Tailrace's own SQL, where a syntax error is a bug. */
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
  const { retryable, retryAfterSeconds = defaultRetryAfterSeconds } = error;
  return { cause: error, ...(retryable ? { retryAfterSeconds } : {}) };
}
