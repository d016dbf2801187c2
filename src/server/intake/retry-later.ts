import { ApiError } from '../api-error.ts';

/** The answer to a sender that should come again soon. Jitter, so that many senders do not come back together. */
export function busy(cause: string): ApiError {
  return new ApiError(429, 'TAILRACE_BUSY', `cannot take more logs now: ${cause}`, {
    remedy: 'Send the same again after the time in Retry-After.',
    retryAfterSeconds: jitter(1, 5),
  });
}

/** The answer when the store takes nothing: it may last longer. */
export function unavailable(cause: string, error?: unknown): ApiError {
  return new ApiError(503, 'TAILRACE_NOT_READY', `cannot store logs now: ${cause}`, {
    remedy: 'Send the same again after the time in Retry-After.',
    retryAfterSeconds: jitter(5, 15),
    cause: error,
  });
}

function jitter(least: number, most: number): number {
  return least + Math.floor(Math.random() * (most - least + 1));
}
