export interface BackoffTimes {
  /** Longest pause after the first failure, in milliseconds; it doubles with each attempt. */
  readonly firstMs: number;
  readonly longestMs: number;
}

/**
 * Milliseconds to wait after a failed attempt: exponential, with jitter, so that callers that failed together do not all
 * retry together.
 * @param attempt number of failures until now, from 1
 */
export function backoffMs(attempt: number, { firstMs, longestMs }: BackoffTimes): number {
  return (0.5 + Math.random() / 2) * Math.min(longestMs, firstMs * 2 ** Math.min(attempt - 1, 30));
}
