import { AccessProbe } from '../aws/access-probe.ts';
import { failureKind } from '../aws/failure-kind.ts';
import { type KinesisOptions, leaseAccess } from './kinesis-options.ts';
import { checkTable } from './leases/check-table.ts';
import { callOnStream, type KinesisCall, openStream, type Stream } from './open-stream.ts';
import { StreamActivity } from './stream-activity.ts';

/** Makes every call that reading needs, and leaves nothing behind. @returns problems, each with a remedy */
export async function checkAccess(options: KinesisOptions, signal: AbortSignal): Promise<readonly string[]> {
  const { leases, fanOut } = options;
  // The probe itself retries.
  const stream = await openStream(options.stream, options, new StreamActivity(1));
  const probe = new AccessProbe(signal);
  try {
    await checkStream(stream, fanOut?.consumer, probe);
    if (leases) await checkTable(leaseAccess(stream, leases), probe);
    return probe.problems;
  } finally {
    stream.close();
  }
}

async function checkStream(stream: Stream, consumer: string | undefined, probe: AccessProbe): Promise<void> {
  const kinesis = await import('@aws-sdk/client-kinesis');
  const { target } = stream;
  const attempt = <T>(action: string, send: KinesisCall<T>, isFine?: (error: unknown) => boolean) =>
    probe.try(callOnStream(stream, action), () => stream.call(action, probe.signal, send), isFine);
  const summary = await attempt('DescribeStreamSummary', (client, options) =>
    client.send(new kinesis.DescribeStreamSummaryCommand(target), options),
  );
  // A missing stream is reported once.
  if (!summary && probe.problems.some((problem) => problem.includes('ResourceNotFound'))) return;
  const list = await attempt('ListShards', (client, options) =>
    client.send(new kinesis.ListShardsCommand(target), options),
  );
  const ShardId = list?.Shards?.[0]?.ShardId;
  if (ShardId !== undefined) {
    const start = { ...target, ShardId, ShardIteratorType: 'TRIM_HORIZON' } as const;
    const iterator = await attempt('GetShardIterator', (client, options) =>
      client.send(new kinesis.GetShardIteratorCommand(start), options),
    );
    if (iterator && !consumer) {
      await attempt('GetRecords', (client, options) =>
        client.send(new kinesis.GetRecordsCommand({ ShardIterator: iterator.ShardIterator, Limit: 1 }), options),
      );
    }
  }
  const StreamARN = summary?.StreamDescriptionSummary?.StreamARN;
  if (consumer === undefined || StreamARN === undefined) return;
  const describe = new kinesis.DescribeStreamConsumerCommand({ StreamARN, ConsumerName: consumer });
  await attempt(
    'DescribeStreamConsumer',
    (client, options) => client.send(describe, options),
    // The consumer is registered at the first start.
    (error) => failureKind(error) === 'missing',
  );
}
