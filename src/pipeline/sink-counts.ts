import type { Receipt } from '../sources/source.ts';

/** Counts of a sink since it was opened, for metrics and status. */
export class SinkCounts {
  lines = 0;
  rows = 0;
  rejected = 0;
  comments = 0;
  excluded = 0;
  /** Bytes of stored deliveries; of a file its size on disk. */
  bytes = 0;
  deliveries = 0;
  /** Deliveries that were stored before. */
  known = 0;
  batches = 0;
  /** Duration of the last batch, from its start to its ledger entry. */
  batchMs = 0;
  /** Drift, changed columns, unreadable files. */
  events = 0;
  /** Retries of batches that the store did not accept. */
  retries = 0;
  waitingDeliveries = 0;
  waitingBytes = 0;
  /** Why the store currently accepts nothing. */
  problem: string | undefined;
  lastStoredAtMs: number | undefined;

  wait(deliveries: number, bytes: number): void {
    this.waitingDeliveries += deliveries;
    this.waitingBytes += bytes;
  }

  leave(deliveries: number, bytes: number): void {
    this.waitingDeliveries -= deliveries;
    this.waitingBytes -= bytes;
  }

  store(receipts: readonly Receipt[], bytes: number): void {
    for (const receipt of receipts) {
      this.lines += receipt.lines;
      this.rows += receipt.rows;
      this.rejected += receipt.rejected;
      this.comments += receipt.comments;
      this.excluded += receipt.excluded;
      if (receipt.known) this.known++;
    }
    this.bytes += bytes;
    this.deliveries += receipts.length;
    this.lastStoredAtMs = Date.now();
  }

  fail(problem: string): void {
    this.problem = problem;
    this.retries++;
  }

  recover(): void {
    this.problem = undefined;
  }
}
