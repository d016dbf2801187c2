import { withDeadline } from '../waiting/deadline.ts';

/** Result of the work; undefined when it fails or takes longer. For values omitted while the store does not answer. */
export function waitAtMost<T>(work: Promise<T>, timeoutMs: number): Promise<T | undefined> {
  return withDeadline(
    work.catch(() => undefined),
    { afterMs: timeoutMs, onLate: () => undefined },
  );
}
