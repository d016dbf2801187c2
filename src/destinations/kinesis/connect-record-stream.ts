import { callOnStream, connectStream } from '../../sources/kinesis/open-stream.ts';
import { readFaults } from '../aws/read-faults.ts';
import type { RecordStream, StreamPlace } from '../aws/record-stream.ts';

/** The stream, to put records into. @throws Error with a remedy */
export async function connectRecordStream(options: StreamPlace): Promise<RecordStream> {
  const stream = await connectStream(options.stream, options);
  const { DescribeStreamSummaryCommand, PutRecordsCommand } = await import('@aws-sdk/client-kinesis');
  const { client, target } = stream;
  return {
    call: { ...callOnStream(stream, 'PutRecords'), keyAction: 'kms:GenerateDataKey' },
    throttlingRemedy: 'add shards, or make the stream on-demand',
    put: async (records, signal) => {
      const Records = records.map(({ key, lines }) => ({ PartitionKey: key, Data: lines }));
      const reply = await client.send(new PutRecordsCommand({ ...target, Records }), { abortSignal: signal });
      return readFaults(records, reply.Records);
    },
    state: async (signal) => {
      const reply = await client.send(new DescribeStreamSummaryCommand(target), { abortSignal: signal });
      return reply.StreamDescriptionSummary?.StreamStatus ?? '';
    },
    close: () => client.destroy(),
  };
}
