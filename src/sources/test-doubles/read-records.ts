import { GetRecordsCommand, GetShardIteratorCommand } from '@aws-sdk/client-kinesis';
import type { LocalStream } from './local-stream.ts';

export interface ReadRecord {
  readonly shard: string;
  readonly key: string;
  readonly text: string;
}

/** All records that a stream has now. */
export async function readRecords(stream: LocalStream): Promise<ReadRecord[]> {
  const { name: StreamName, client } = stream;
  const found: ReadRecord[] = [];
  for (const { ShardId = '' } of await stream.openShards()) {
    const start = new GetShardIteratorCommand({ StreamName, ShardId, ShardIteratorType: 'TRIM_HORIZON' });
    let { ShardIterator } = await client.send(start);
    for (let isEmpty = false; !isEmpty; ) {
      const page = await client.send(new GetRecordsCommand({ ShardIterator }));
      const records = page.Records ?? [];
      for (const { PartitionKey: key = '', Data = Buffer.alloc(0) } of records)
        found.push({ shard: ShardId, key, text: Buffer.from(Data).toString() });
      isEmpty = records.length === 0;
      ShardIterator = page.NextShardIterator;
    }
  }
  return found;
}
