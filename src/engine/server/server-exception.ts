import { ClickHouseError } from '@clickhouse/client';
import { readClickhouseException } from '../clickhouse-exception.ts';
import { cancelled, EngineError } from '../engine-error.ts';

/** Any failure of a request to the server, as an EngineError. */
export function asEngineError(cause: unknown, url: string, signal?: AbortSignal): EngineError {
  if (cause instanceof EngineError) return cause;
  if (signal?.aborted) return cancelled(cause);
  if (cause instanceof ClickHouseError) return readClickhouseException(cause.message, cause, Number(cause.code));
  const message = cause instanceof Error ? cause.message || cause.name : String(cause);
  if (/Code: \d+/.test(message)) return readClickhouseException(message, cause);
  return new EngineError(
    'TAILRACE_STORE_UNAVAILABLE',
    `cannot reach the store "${url}": ${message}; check that the server runs and that its address is right`,
    { cause, retryable: true },
  );
}
