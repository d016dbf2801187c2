import { PutRecordCommand } from '@aws-sdk/client-kinesis';
import { createKinesisSource } from '../../../src/sources/kinesis/kinesis-source.ts';
import { LocalStream, npmKinesis, setTestCredentials } from '../../../src/sources/test-doubles/local-stream.ts';
import { bytesOf, type SourceUnderTest } from '../source-under-test.ts';

const server = npmKinesis();

/** A stream of one shard, each delivery a record. */
export const kinesisStream: SourceUnderTest = {
  name: 'Kinesis by polling',
  kind: 'kinesis',
  unparsable: 'rejected',
  exceptions: {
    'duplicate delivery': 'a record that a producer puts twice has two sequence numbers, so it is two records',
    'reordered delivery': 'a shard delivers its records in the order of their sequence numbers',
  },
  async openInput() {
    setTestCredentials();
    const stream = await LocalStream.create(await server.url(), 1);
    const sequences: bigint[] = [];
    const createSource = () =>
      createKinesisSource({
        pipeline: 'conformance',
        stream: stream.name,
        endpoint: stream.endpoint,
        region: 'us-east-1',
        startFrom: 'TRIM_HORIZON',
        pollMs: 50,
      });
    return {
      offer: async (_, content) => {
        const record = { StreamName: stream.name, PartitionKey: 'key', Data: bytesOf(content) };
        const { SequenceNumber = '' } = await stream.client.send(new PutRecordCommand(record));
        sequences.push(BigInt(SequenceNumber));
      },
      exclusiveInput: () => createSource().exclusiveInput?.() ?? Promise.reject(new Error('any worker may read it')),
      run: (sink, signal) => createSource().run(sink, signal),
      unacknowledged: async (checkpoints) => {
        const [position = '0'] = [
          ...(await checkpoints.lastStored(`kinesis://us-east-1/${stream.name}/shard`)).values(),
        ];
        const last = BigInt(/-(\d+)$/.exec(position)?.[1] ?? 0);
        return sequences.filter((sequence) => sequence > last).length;
      },
      close: async () => stream.client.destroy(),
    };
  },
  close: () => server.close(),
};
