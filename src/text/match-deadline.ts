/** Matching did not finish by its deadline. */
export class MatchDeadlineError extends Error {}

let endsAtMs = Number.POSITIVE_INFINITY;

/**
 * Runs work that matches patterns, and stops it at the first match after its deadline. Matching should be linear in the
 * length of the input; this is the safety net if it is not.
 *
 * @param work without awaits, because the deadline belongs to the thread
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
