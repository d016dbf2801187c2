import type { Shard as SdkShard } from '@aws-sdk/client-kinesis';
import type { HashRange } from '../../framing/records/kpl.ts';

export interface Shard {
  /** `shardId-000000000000`. */
  readonly id: string;
  /** One after a split, two after a merge. */
  readonly parents: readonly string[];
  /** Distinguishes a shard from one of the same name in a stream that was deleted and recreated. */
  readonly startingSequence: string;
  readonly hashes: HashRange;
}

export function readShardDescription(shard: SdkShard): Shard {
  const { ShardId = '', ParentShardId, AdjacentParentShardId, SequenceNumberRange, HashKeyRange } = shard;
  return {
    id: ShardId,
    parents: [ParentShardId, AdjacentParentShardId].filter((id) => id !== undefined && id !== null),
    startingSequence: SequenceNumberRange?.StartingSequenceNumber ?? '0',
    hashes: { from: BigInt(HashKeyRange?.StartingHashKey ?? 0), to: BigInt(HashKeyRange?.EndingHashKey ?? 0) },
  };
}

/**
 * The shards that may be read: those not finished whose parents are all finished, so that the records of a key keep
 * their order. A parent that the stream no longer lists has expired, and counts as read.
 */
export function readyShards(shards: readonly Shard[], isFinished: (shard: Shard) => boolean): Shard[] {
  const unfinished = shards.filter((shard) => !isFinished(shard));
  const ids = new Set(unfinished.map(({ id }) => id));
  return unfinished.filter(({ parents }) => !parents.some((parent) => ids.has(parent)));
}
