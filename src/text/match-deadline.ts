/** Matching was not done by its deadline. */
export class MatchDeadlineError extends Error {}

let endsAtMs = Number.POSITIVE_INFINITY;

/**
 * Runs work that matches patterns, and ends it at the first match behind its deadline. Time grows with the length of what is
 * matched and no faster; this holds where that should once be untrue.
 *
 * @param work without awaits: the deadline is that of the thread
 * @throws MatchDeadlineError
 */
export function withinDeadline<T>(ms: number, work: () => T): T {
  const outer = endsAtMs;
  endsAtMs = Math.min(outer, performance.now() + ms);
  try {
    return work();
  } finally {
    endsAtMs = outer;
  }
}

/** @throws MatchDeadlineError */
export function checkDeadline(): void {
  if (endsAtMs < Number.POSITIVE_INFINITY && performance.now() > endsAtMs) {
    throw new MatchDeadlineError('matching took longer than its deadline');
  }
}
