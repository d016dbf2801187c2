import type { LeaseRow } from './lease-row.ts';

/**
 * Detects idle leases by this process's own clock: other workers' counters are visible, their clocks are not.
 */
export class LeaseWatch {
  readonly #failoverMs: number;
  #seen = new Map<string, { readonly counter: number; readonly sinceMs: number }>();

  constructor(failoverMs: number) {
    this.#failoverMs = failoverMs;
  }

  observe(rows: readonly LeaseRow[], nowMs: number): void {
    this.#seen = new Map(
      rows.map(({ leaseKey, leaseCounter }) => {
        const before = this.#seen.get(leaseKey);
        return [leaseKey, before?.counter === leaseCounter ? before : { counter: leaseCounter, sinceMs: nowMs }];
      }),
    );
  }

  /** Whether the owner of an observed lease was silent for so long that anybody may take it. */
  isSilent({ leaseKey }: LeaseRow, nowMs: number): boolean {
    const seen = this.#seen.get(leaseKey);
    return seen !== undefined && nowMs - seen.sinceMs >= this.#failoverMs;
  }
}
