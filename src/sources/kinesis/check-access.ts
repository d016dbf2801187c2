import { Activity } from './activity.ts';
import { explain, failureKind } from './failure.ts';
import { type KinesisOptions, leaseAccess } from './kinesis-options.ts';
import { checkTable } from './leases/check-table.ts';
import { type KinesisCall, openStream, type Stream } from './open-stream.ts';

const attempts = 3;

/** Makes every call that reading needs, and leaves nothing behind. @returns what is wrong, each with a remedy */
export async function checkAccess(options: KinesisOptions, signal: AbortSignal): Promise<string[]> {
  const { leases, fanOut } = options;
  const activity = new Activity(attempts);
  const stream = await openStream(options.stream, options, activity);
  try {
    const ofStream = await checkStream(stream, fanOut?.consumer, signal);
    const ofTable = leases ? await checkTable(leaseAccess(stream, leases), activity, signal) : [];
    return [...ofStream, ...ofTable];
  } finally {
    stream.close();
  }
}

async function checkStream(stream: Stream, consumer: string | undefined, signal: AbortSignal): Promise<string[]> {
  const kinesis = await import('@aws-sdk/client-kinesis');
  const problems: string[] = [];
  const { target } = stream;
  const probe = <T>(action: string, call: KinesisCall<T>): Promise<T | undefined> =>
    stream.call(action, signal, call).catch((error) => {
      signal.throwIfAborted();
      problems.push(explain(error, `kinesis:${action}`, `stream "${stream.name}"`).message);
      return undefined;
    });
  const summary = await probe('DescribeStreamSummary', (client, options) =>
    client.send(new kinesis.DescribeStreamSummaryCommand(target), options),
  );
  if (!summary && problems.some((problem) => problem.includes('ResourceNotFound'))) return problems;
  const list = await probe('ListShards', (client, options) =>
    client.send(new kinesis.ListShardsCommand(target), options),
  );
  const ShardId = list?.Shards?.[0]?.ShardId;
  if (ShardId !== undefined) {
    const start = { ...target, ShardId, ShardIteratorType: 'TRIM_HORIZON' } as const;
    const iterator = await probe('GetShardIterator', (client, options) =>
      client.send(new kinesis.GetShardIteratorCommand(start), options),
    );
    if (iterator && !consumer) {
      await probe('GetRecords', (client, options) =>
        client.send(new kinesis.GetRecordsCommand({ ShardIterator: iterator.ShardIterator, Limit: 1 }), options),
      );
    }
  }
  const StreamARN = summary?.StreamDescriptionSummary?.StreamARN;
  if (consumer !== undefined && StreamARN !== undefined) {
    await probe('DescribeStreamConsumer', (client, options) =>
      client
        .send(new kinesis.DescribeStreamConsumerCommand({ StreamARN, ConsumerName: consumer }), options)
        // It is registered on the first start.
        .catch((error) => (failureKind(error) === 'missing' ? undefined : Promise.reject(error))),
    );
  }
  return problems;
}
