import { randomInt } from 'node:crypto';

let last = 0n;

/**
 * A new batch id: a UInt64 in decimal digits. Milliseconds since 2020 in the upper bits, so that the batches of one time
 * lie side by side and a filter by batch reads little; 22 random bits below, so that workers need not agree.
 */
export function newBatchId(nowMs: number = Date.now()): string {
  const since2020 = BigInt(nowMs - Date.UTC(2020, 0, 1));
  const id = (since2020 << 22n) | BigInt(randomInt(1 << 22));
  last = id > last ? id : last + 1n;
  return last.toString();
}
