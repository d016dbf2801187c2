/** What a destination has received since the program started, and what waits for it. */
export class ShippingCounts {
  batches = 0;
  rows = 0;
  refused = 0;
  bytes = 0;
  /** Files or objects, of archives. */
  objects = 0;
  /** Of refused rows, in the backup. */
  backupBytes = 0;
  /** Shipments that were repeated, whatever the reason. */
  retries = 0;
  /** Batches that were given up. */
  dead = 0;
  /** Closed batches that are not acknowledged. */
  waiting = 0;
  lastShippedAtMs: number | undefined;
  /** Why the batches that are being tried again failed. */
  problem: string | undefined;
  /** When the oldest waiting batch was closed. */
  oldestClosedAtMs: number | undefined;

  /** How long the oldest waiting batch has waited; 0 when none waits. */
  lagMs(nowMs = Date.now()): number {
    return this.oldestClosedAtMs === undefined ? 0 : Math.max(0, nowMs - this.oldestClosedAtMs);
  }
}
