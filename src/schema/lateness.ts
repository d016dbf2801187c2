/** Epoch ms at which the batch of a row was begun; see ledger/batch-id.ts. */
export const arrivedMs = 'bitShiftRight(batch, 22) + 1577836800000';

/** Came more than an hour after it was made, as CDN logs do, up to a day. */
export const isLate = `toUnixTimestamp64Milli(time) + 3600000 < ${arrivedMs}`;
