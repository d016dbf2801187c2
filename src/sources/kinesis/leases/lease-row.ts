import type { AttributeValue } from '@aws-sdk/client-dynamodb';
import { type Position, shardEnd } from '../position.ts';
import type { Shard } from '../shard.ts';

/**
 * A row of the lease table, in the format of Amazon's consumer library (KCL 2 and 3), so that its tools can show it;
 * the last five attributes are ours. https://docs.aws.amazon.com/streams/latest/dev/kcl-dynamoDB.html
 */
export interface LeaseRow {
  readonly leaseKey: string;
  /** Sequence number of the last stored record, or `TRIM_HORIZON`, `AT_TIMESTAMP`, `SHARD_END`. */
  readonly checkpoint: string;
  /** Counts every write of the owner; a worker that sees it unchanged for long takes the lease. */
  readonly leaseCounter: number;
  readonly leaseOwner?: string | undefined;
  readonly ownerSwitchesSinceCheckpoint: number;
  /** Id of the last batch committed together with the checkpoint. */
  readonly batch?: string | undefined;
  /** The same for earlier owners, so that one that notices its loss late knows whether its last commit counts. */
  readonly settled: readonly string[];
  readonly shardId: string;
  /** Distinguishes a shard from one of the same name in a stream that was deleted and recreated. */
  readonly startingSequenceNumber: string;
  /** When the stream's shards were first leased, milliseconds since 1970. */
  readonly timestamp: number;
}

export type Item = Record<string, AttributeValue>;

export function readLease(item: Item): LeaseRow {
  const text = (name: string) => item[name]?.S;
  const number = (name: string) => Number(item[name]?.N ?? 0);
  return {
    leaseKey: text('leaseKey') ?? '',
    checkpoint: text('checkpoint') ?? 'TRIM_HORIZON',
    leaseCounter: number('leaseCounter'),
    leaseOwner: text('leaseOwner'),
    ownerSwitchesSinceCheckpoint: number('ownerSwitchesSinceCheckpoint'),
    batch: text('batch'),
    settled: (item.settled?.L ?? []).map(({ S = '' }) => S),
    shardId: text('shardId') ?? '',
    startingSequenceNumber: text('startingSequenceNumber') ?? '0',
    timestamp: number('timestamp'),
  };
}

/** The row of a shard that was never leased. */
export function newLease(leaseKey: string, shard: Shard, checkpoint: string, timestamp: number): Item {
  return {
    leaseKey: { S: leaseKey },
    checkpoint: { S: checkpoint },
    checkpointSubSequenceNumber: { N: '0' }, // an aggregate is stored whole
    leaseCounter: { N: '0' },
    ownerSwitchesSinceCheckpoint: { N: '0' },
    ...(shard.parents.length > 0 ? { parentShardId: { SS: [...shard.parents] } } : {}),
    startingHashKey: { S: `${shard.hashes.from}` },
    endingHashKey: { S: `${shard.hashes.to}` },
    shardId: { S: shard.id },
    startingSequenceNumber: { S: shard.startingSequence },
    timestamp: { N: `${timestamp}` },
  };
}

export function isFinished({ checkpoint }: LeaseRow): boolean {
  return checkpoint === shardEnd;
}

/** Ids of the batches that were committed with the lease, by its owners of late. */
export function committedBatches({ batch, settled }: LeaseRow): string[] {
  return batch === undefined ? [...settled] : [...settled, batch];
}

/** Where the owner of a lease resumes. */
export function leasePosition({ checkpoint, timestamp }: LeaseRow): Position {
  if (checkpoint === 'TRIM_HORIZON') return checkpoint;
  return checkpoint === 'AT_TIMESTAMP' ? new Date(timestamp) : { after: checkpoint };
}
