import type { Shard } from './shard.ts';

export type StartPosition = 'TRIM_HORIZON' | 'LATEST' | Date;

/** Where reading begins in a shard; `after`: the sequence number of the last record that is stored. */
export type Position = StartPosition | { readonly after: string };

/** `SHARD_END`: there is nothing more to come. As KCL calls it. */
export const shardEnd = 'SHARD_END';

/** The records `first` to `last`, both included. */
export function rangeVersion(first: string, last: string): string {
  return `${first}-${last}`;
}

/** Remembers that the whole shard is stored: the version of a delivery without lines. */
export function endVersion({ startingSequence }: Shard): string {
  return rangeVersion(startingSequence, shardEnd);
}

/** Remembers when a stream was read for the first time: the version of a delivery without lines. */
export function startVersion(timeMs: number): string {
  return `started-${timeMs}`;
}

export function readStartVersion(version: string | undefined): Date | undefined {
  const [, timeMs] = /^started-(\d+)$/.exec(version ?? '') ?? [];
  return timeMs === undefined ? undefined : new Date(Number(timeMs));
}

/** @returns where the store stands in a shard; nothing when it has none of it, or of another shard of that name */
export function storedPosition(version: string | undefined, shard: Shard): Position | typeof shardEnd | undefined {
  const [, first, last] = /^(\d+)-(\d+|SHARD_END)(#\d+)?$/.exec(version ?? '') ?? [];
  if (first === undefined || last === undefined || BigInt(first) < BigInt(shard.startingSequence)) return undefined;
  return last === shardEnd ? shardEnd : { after: last };
}
