import type { _Record as SdkRecord } from '@aws-sdk/client-kinesis';

/** Records of a shard from one reply or one pushed event. */
export interface ShardPage {
  readonly records: readonly KinesisRecord[];
  readonly behindMs: number | undefined;
  /** Child shards; only in the last page. */
  readonly children: readonly string[];
}

export interface KinesisRecord {
  readonly data: Uint8Array;
  /** Decimal, up to 129 digits. */
  readonly sequence: string;
  readonly arrivedAtMs: number;
}

export function readRecord(record: SdkRecord): KinesisRecord {
  return {
    data: record.Data ?? new Uint8Array(),
    sequence: record.SequenceNumber ?? '0',
    arrivedAtMs: record.ApproximateArrivalTimestamp?.getTime() ?? Date.now(),
  };
}

/** Approximate memory of a record: its bytes and the objects around them. */
export function heldBytes(records: readonly KinesisRecord[]): number {
  return records.reduce((sum, { data }) => sum + data.length + 256, 0);
}
