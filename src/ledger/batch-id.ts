import { randomInt } from 'node:crypto';

const epochMs = Date.UTC(2020, 0, 1);
const randomBits = 22;
/** A clock beyond this slot (the year 2089) is not trusted; ids have room for as many slots again. */
const maxSlot = 2 ** 41;

let lastSlot = 0;

/**
 * A new batch id: a UInt64 in decimal digits. Milliseconds since 2020 in the upper bits, so that batches of one time
 * are adjacent and a filter by batch reads little; 22 random bits below, so that workers need no coordination. Ids of a
 * process only grow, whatever the clock does: their order is the order in which batches were started.
 */
export function newBatchId(nowMs: number = Date.now()): string {
  const slot = nowMs - epochMs;
  lastSlot = slot > lastSlot && slot < maxSlot ? slot : lastSlot + 1;
  return ((BigInt(lastSlot) << BigInt(randomBits)) | BigInt(randomInt(2 ** randomBits))).toString();
}

/** The smallest id of a batch that is begun at this time. */
export function idAtTime(ms: number): string {
  return (BigInt(Math.max(0, ms - epochMs)) << BigInt(randomBits)).toString();
}

/** When a batch was begun, milliseconds since 1970, by the clock of its worker. */
export function timeOfId(batch: string): number {
  return Number(BigInt(batch) >> BigInt(randomBits)) + epochMs;
}

/** Makes all new ids greater than this one, which an earlier process may have created by another clock. */
export function continueAfter(batch: string): void {
  lastSlot = Math.max(lastSlot, Number(BigInt(batch) >> BigInt(randomBits)));
}
