import type { Shard } from './shard.ts';

export type StartPosition = 'TRIM_HORIZON' | 'LATEST' | Date;

/** Where reading starts in a shard; `after`: the sequence number of the last stored record. */
export type Position = StartPosition | { readonly after: string };

/** `SHARD_END`: no more records will come. KCL's name for it. */
export const shardEnd = 'SHARD_END';

/** The records `first` to `last`, both included. */
export function rangeVersion(first: string, last: string): string {
  return `${first}-${last}`;
}

/** Version of a delivery without lines that records that the whole shard is stored. */
export function endVersion({ startingSequence }: Shard): string {
  return rangeVersion(startingSequence, shardEnd);
}

/** Version of a delivery without lines that records when a stream was first read. */
export function startVersion(timeMs: number): string {
  return `started-${timeMs}`;
}

export function readStartVersion(version: string | undefined): Date | undefined {
  const [, timeMs] = /^started-(\d+)$/.exec(version ?? '') ?? [];
  return timeMs === undefined ? undefined : new Date(Number(timeMs));
}

/** @returns the stored position in a shard; undefined when nothing is stored, or only of a former shard of that name */
export function storedPosition(version: string | undefined, shard: Shard): Position | typeof shardEnd | undefined {
  const [, first, last] = /^(\d+)-(\d+|SHARD_END)(#\d+)?$/.exec(version ?? '') ?? [];
  if (first === undefined || last === undefined || BigInt(first) < BigInt(shard.startingSequence)) return undefined;
  return last === shardEnd ? shardEnd : { after: last };
}
