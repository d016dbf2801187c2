import type { DeliveryStreamDescription } from '@aws-sdk/client-firehose';
import { awsClientOptions } from '../../sources/aws/client-options.ts';
import { type AwsCall, callOn } from '../../sources/aws/explain-failure.ts';
import { readFaults } from '../aws/read-faults.ts';
import type { RecordStream, StreamPlace } from '../aws/record-stream.ts';

/** A stream of Firehose, to put records into. */
export interface FirehoseStream extends RecordStream {
  readonly describing: AwsCall;
  /** @throws the SDK's error */
  describe(signal: AbortSignal): Promise<DeliveryStreamDescription | undefined>;
}

/** @throws Error with a remedy */
export async function connectFirehose({ stream, ...access }: StreamPlace): Promise<FirehoseStream> {
  const isArn = stream.startsWith('arn:');
  const DeliveryStreamName = isArn ? stream.slice(stream.indexOf('/') + 1) : stream;
  const region = access.region ?? (isArn ? stream.split(':')[3] : undefined);
  const { DescribeDeliveryStreamCommand, FirehoseClient, PutRecordBatchCommand } = await import(
    '@aws-sdk/client-firehose'
  );
  const client = new FirehoseClient(
    await awsClientOptions({ ...access, ...(region ? { region } : {}) }, { requestTimeoutMs: 20_000 }),
  );
  const call = (action: string) => callOn(`Firehose stream "${DeliveryStreamName}"`, `firehose:${action}`);
  const describe = async (signal: AbortSignal) => {
    const reply = await client.send(new DescribeDeliveryStreamCommand({ DeliveryStreamName }), { abortSignal: signal });
    return reply.DeliveryStreamDescription;
  };
  return {
    call: call('PutRecordBatch'),
    describing: call('DescribeDeliveryStream'),
    throttlingRemedy: 'ask AWS for a higher quota of the stream',
    put: async (records, signal) => {
      const request = new PutRecordBatchCommand({
        DeliveryStreamName,
        Records: records.map(({ lines }) => ({ Data: lines })),
      });
      const { RequestResponses } = await client.send(request, { abortSignal: signal });
      return readFaults(records, RequestResponses);
    },
    describe,
    state: async (signal) => (await describe(signal))?.DeliveryStreamStatus ?? '',
    close: () => client.destroy(),
  };
}
