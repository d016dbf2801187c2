import { join } from 'node:path';
import { CreateDeliveryStreamCommand, FirehoseClient } from '@aws-sdk/client-firehose';
import { CreateBucketCommand, GetObjectCommand, ListObjectsV2Command, S3Client } from '@aws-sdk/client-s3';
import { FakeFirehose } from '../../../src/destinations/firehose/test-doubles/fake-firehose.ts';
import { setTestCredentials } from '../../../src/sources/test-doubles/local-stream.ts';
import type { DestinationUnderTest, PlaceUnderTest } from '../destination-under-test.ts';
import { accessDenied, actionOf, forward } from './aws-forwarding.ts';
import { rowsOnce } from './delivered-lines.ts';
import { Gate, type GatedAnswer, type GatedRequest } from './gate.ts';

setTestCredentials();

const tables = ['requests', 'logs'] as const;
const region = 'us-east-1';
const endpoint = process.env.TAILRACE_TEST_AWS_URL;
let streams = 0;

/** A double written from the API reference, which is always there, and Moto, whose stream delivers to a bucket. */
export const firehoseStreams: readonly DestinationUnderTest[] = [
  firehose('firehose, a double', openDouble, {}),
  {
    ...firehose('firehose, Moto', openMoto, { memory: 'the same as of the double', kill: 'the same as of the double' }),
    ...(endpoint ? {} : { missing: 'TAILRACE_TEST_AWS_URL is not set' }),
  },
];

/** A stream, and what it delivered. */
interface Delivery {
  readonly stream: string;
  answer(request: GatedRequest): Promise<GatedAnswer>;
  read(): Promise<string>;
  close(): void;
}

function firehose(
  name: string,
  open: (folder: string) => Promise<Delivery>,
  exceptions: DestinationUnderTest['exceptions'],
): DestinationUnderTest {
  return {
    name,
    kind: 'firehose',
    tables,
    visible: 'rows',
    exceptions,
    openPlace: async (folder) => openPlace(await open(folder)),
  };
}

async function openPlace({ stream, answer, read, close }: Delivery): Promise<PlaceUnderTest> {
  const gate = await Gate.open(answer);
  return {
    section: { type: 'firehose', stream, endpoint: gate.url, region, tables },
    rows: async () => rowsOnce(await read()),
    traces: async () => [await read()],
    ...gate.faults((request) => actionOf(request) === 'PutRecordBatch'),
    forbid: async () => gate.answerAll(accessDenied),
    close: async () => {
      await gate.end();
      close();
    },
  };
}

async function openDouble(folder: string): Promise<Delivery> {
  const double = new FakeFirehose('edge', join(folder, 'delivered'));
  return {
    stream: 'edge',
    answer: async ({ headers, body }) => double.answer(String(headers['x-amz-target']), body),
    read: async () => double.content,
    close: () => {},
  };
}

async function openMoto(): Promise<Delivery> {
  const url = endpoint ?? '';
  const stream = `trial-${process.pid}-${Date.now()}-${++streams}`;
  const s3 = new S3Client({ endpoint: url, region, forcePathStyle: true });
  await s3.send(new CreateBucketCommand({ Bucket: stream }));
  const client = new FirehoseClient({ endpoint: url, region });
  const to = { BucketARN: `arn:aws:s3:::${stream}`, RoleARN: 'arn:aws:iam::123456789012:role/delivery' };
  await client.send(
    new CreateDeliveryStreamCommand({ DeliveryStreamName: stream, ExtendedS3DestinationConfiguration: to }),
  );
  client.destroy();
  return {
    stream,
    answer: (request) => forward(url, request),
    read: async () => {
      const { Contents = [] } = await s3.send(new ListObjectsV2Command({ Bucket: stream }));
      const texts = Contents.map(async ({ Key }) => {
        const { Body } = await s3.send(new GetObjectCommand({ Bucket: stream, Key }));
        return (await Body?.transformToString()) ?? '';
      });
      return (await Promise.all(texts)).join('');
    },
    close: () => s3.destroy(),
  };
}
