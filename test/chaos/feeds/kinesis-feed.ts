import {
  CreateStreamCommand,
  DescribeStreamSummaryCommand,
  KinesisClient,
  ListShardsCommand,
  MergeShardsCommand,
  PutRecordsCommand,
  SplitShardCommand,
} from '@aws-sdk/client-kinesis';
import { NodeHttpHandler } from '@smithy/node-http-handler';
import { edgeFields, edgeLine, type Feed, newId, pause } from '../feed.ts';

export interface KinesisFeedOptions {
  readonly endpoint: string;
  readonly shards: number;
  /** Further keys of the source, e.g. `, leases: { … }`. */
  readonly more?: string;
  readonly close?: () => Promise<void>;
}

/** CloudFront writing real-time records into a stream, which is resharded meanwhile. */
export async function createKinesisFeed({ endpoint, shards, more = '', close }: KinesisFeedOptions): Promise<Feed> {
  const client = new KinesisClient({
    endpoint,
    region: 'us-east-1',
    credentials: { accessKeyId: 'test', secretAccessKey: 'test' },
    requestHandler: new NodeHttpHandler(),
  });
  await client.send(new CreateStreamCommand({ StreamName: 'edge', ShardCount: shards }));
  await untilActive(client);
  const taken = new Set<string>();
  const doubtful = new Set<string>();
  return {
    name: 'kinesis',
    pipeline: `kinesis:
    source: { type: kinesis, stream: edge, region: us-east-1, endpoint: "${endpoint}"${more} }
    format: { type: cloudfront-realtime, fields: [${edgeFields.join(', ')}] }`,
    taken,
    doubtful,
    async run(_worker, signal) {
      while (!signal.aborted) {
        await put(client, taken, doubtful);
        await pause(50);
      }
    },
    disturb: () => reshard(client),
    async close() {
      client.destroy();
      await close?.();
    },
  };
}

async function put(client: KinesisClient, taken: Set<string>, doubtful: Set<string>): Promise<void> {
  const ids = Array.from({ length: 50 }, () => newId('kinesis'));
  for (const id of ids) doubtful.add(id);
  const Records = ids.map((id) => ({ Data: Buffer.from(edgeLine(id)), PartitionKey: id }));
  // An error leaves open whether the stream has them: they are not sent again under these ids.
  const answer = await client.send(new PutRecordsCommand({ StreamName: 'edge', Records })).catch(() => undefined);
  for (const [index, { SequenceNumber }] of (answer?.Records ?? []).entries()) {
    const id = ids[index];
    if (id === undefined) continue;
    doubtful.delete(id);
    if (SequenceNumber) taken.add(id);
  }
}

/** Splits the widest shard, or merges two neighbours when there are many. */
async function reshard(client: KinesisClient): Promise<void> {
  const { Shards = [] } = await client.send(new ListShardsCommand({ StreamName: 'edge' }));
  const open = Shards.filter((shard) => !shard.SequenceNumberRange?.EndingSequenceNumber)
    .map(({ ShardId, HashKeyRange }) => ({
      ShardId,
      start: BigInt(HashKeyRange?.StartingHashKey ?? 0),
      end: BigInt(HashKeyRange?.EndingHashKey ?? 0),
    }))
    .sort((one, other) => (one.start < other.start ? -1 : 1));
  const [first, second] = open;
  if (!first) return;
  if (open.length > 4 && second) {
    const merge = { StreamName: 'edge', ShardToMerge: first.ShardId, AdjacentShardToMerge: second.ShardId };
    await client.send(new MergeShardsCommand(merge));
  } else {
    const widest = open.reduce((one, other) => (other.end - other.start > one.end - one.start ? other : one));
    const NewStartingHashKey = ((widest.start + widest.end) / 2n).toString();
    await client.send(new SplitShardCommand({ StreamName: 'edge', ShardToSplit: widest.ShardId, NewStartingHashKey }));
  }
  await untilActive(client);
}

async function untilActive(client: KinesisClient): Promise<void> {
  for (;;) {
    const answer = await client.send(new DescribeStreamSummaryCommand({ StreamName: 'edge' }));
    if (answer.StreamDescriptionSummary?.StreamStatus === 'ACTIVE') return;
    await pause(50);
  }
}
