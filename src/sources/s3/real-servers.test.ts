import { createHash, randomUUID } from 'node:crypto';
import { mkdtempSync, rmSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { gzipSync } from 'node:zlib';
import { CreateBucketCommand, DeleteObjectCommand, PutObjectCommand, S3Client } from '@aws-sdk/client-s3';
import {
  CreateQueueCommand,
  GetQueueAttributesCommand,
  ReceiveMessageCommand,
  SendMessageCommand,
  SQSClient,
} from '@aws-sdk/client-sqs';
import { afterEach, beforeAll, beforeEach, describe, expect, test, vi } from 'vitest';
import { patienceMs } from '../../../test/patience.ts';
import { MemorySink } from '../test-doubles/memory-sink.ts';
import { backfill } from './backfill.ts';
import { readKeyTime } from './key-time.ts';
import { createS3Source } from './s3-source.ts';

const s3Url = process.env.TAILRACE_TEST_S3_URL;
const sqsUrl = process.env.TAILRACE_TEST_SQS_URL;
const isReady = s3Url !== undefined && sqsUrl !== undefined;
if (!isReady) {
  console.warn('skipped: S3 and SQS servers, because TAILRACE_TEST_S3_URL and TAILRACE_TEST_SQS_URL are not both set');
}

const region = 'us-east-1';
const credentials = { accessKeyId: 'test', secretAccessKey: 'testtest' };
const bucket = `logs-${randomUUID()}`;
const until = (what: () => void | Promise<void>) => vi.waitFor(what, { timeout: patienceMs, interval: 50 });

let sink: MemorySink;
let spoolDirectory: string;
let stop: AbortController;

beforeEach(() => {
  vi.stubEnv('AWS_ACCESS_KEY_ID', credentials.accessKeyId);
  vi.stubEnv('AWS_SECRET_ACCESS_KEY', credentials.secretAccessKey);
  vi.stubEnv('AWS_ENDPOINT_URL_S3', s3Url ?? '');
  sink = new MemorySink();
  spoolDirectory = mkdtempSync(join(tmpdir(), 'tailrace-s3-'));
  stop = new AbortController();
});

afterEach(() => {
  stop.abort();
  vi.unstubAllEnvs();
  rmSync(spoolDirectory, { recursive: true, force: true });
});

describe.skipIf(!isReady)('Versity S3 Gateway and ElasticMQ', () => {
  const s3 = new S3Client({ region, endpoint: s3Url ?? 'http://none', credentials, forcePathStyle: true });
  const sqs = new SQSClient({ region, endpoint: sqsUrl ?? 'http://none', credentials });

  beforeAll(async () => {
    await s3.send(new CreateBucketCommand({ Bucket: bucket }));
  });

  const put = async (Key: string, text: string) => {
    const Body = /\.gz$/.test(Key) ? gzipSync(text) : Buffer.from(text);
    await s3.send(new PutObjectCommand({ Bucket: bucket, Key, Body }));
    const object = { key: Key, size: Body.length, eTag: createHash('md5').update(Body).digest('hex') };
    return notification(object);
  };
  const notification = (object: { key: string; size: number; eTag: string }) =>
    JSON.stringify({
      Records: [
        {
          eventVersion: '2.1',
          eventName: 'ObjectCreated:Put',
          s3: {
            bucket: { name: bucket },
            object: { ...object, key: new URLSearchParams([['', object.key]]).toString().slice(1) },
          },
        },
      ],
    });
  const createQueue = async (Attributes: Record<string, string> = {}) => {
    const { QueueUrl = '' } = await sqs.send(new CreateQueueCommand({ QueueName: `q-${randomUUID()}`, Attributes }));
    return QueueUrl;
  };
  const send = (QueueUrl: string, MessageBody: string) => sqs.send(new SendMessageCommand({ QueueUrl, MessageBody }));
  const counts = async (QueueUrl: string) => {
    const { Attributes = {} } = await sqs.send(new GetQueueAttributesCommand({ QueueUrl, AttributeNames: ['All'] }));
    return [Attributes.ApproximateNumberOfMessages, Attributes.ApproximateNumberOfMessagesNotVisible].map(Number);
  };
  const source = (queue: string, visibilitySeconds = 30) =>
    createS3Source({ pipeline: 'site', region, queue, visibilitySeconds, spoolDirectory });

  test('duplicates, in any order, with odd keys and one that is gone: each object once, and an empty queue', async () => {
    const queue = await createQueue();
    const bodies: string[] = [];
    for (let number = 0; number < 25; number++) {
      bodies.push(await put(`edge/a b+c=é%20&${number}.gz`, `line ${number}\n`.repeat(number + 1)));
    }
    const gone = await put('edge/gone', 'x\n');
    await s3.send(new DeleteObjectCommand({ Bucket: bucket, Key: 'edge/gone' }));
    for (const body of [gone, ...bodies.toReversed(), ...bodies]) await send(queue, body);
    const site = source(queue);
    expect(await site.check(stop.signal)).toEqual([]);
    const run = site.run(sink, stop.signal);
    await until(async () => expect(await counts(queue)).toEqual([0, 0]));
    stop.abort();
    await run;
    const texts = Array.from({ length: 25 }, (_, number) => `line ${number}\n`.repeat(number + 1));
    expect(sink.stored.map(({ text }) => text).sort()).toEqual(texts.sort());
    expect(site.status().outcomes).toMatchObject({ stored: 25, gone: 1, failed: 0 });
  });

  test('while an object waits, its message stays hidden longer than it would by itself', async () => {
    const queue = await createQueue();
    await send(queue, await put('edge/slow', 'x\n'));
    const open = sink.hold();
    const run = source(queue, 2).run(sink, stop.signal);
    await until(() => expect(sink.calls).toHaveLength(1));
    await new Promise((resolve) => setTimeout(resolve, 5000));
    expect(await counts(queue)).toEqual([0, 1]);
    open();
    await until(async () => expect(await counts(queue)).toEqual([0, 0]));
    stop.abort();
    await run;
  });

  test('what is no notification ends in the dead-letter queue', async () => {
    const dead = await createQueue();
    const { Attributes } = await sqs.send(
      new GetQueueAttributesCommand({ QueueUrl: dead, AttributeNames: ['QueueArn'] }),
    );
    const redrive = { deadLetterTargetArn: Attributes?.QueueArn, maxReceiveCount: 2 };
    const queue = await createQueue({ RedrivePolicy: JSON.stringify(redrive) });
    await send(queue, '{"hello":"world"}');
    await send(queue, await put('edge/fine', 'x\n'));
    const site = source(queue, 1);
    const run = site.run(sink, stop.signal);
    await until(() => expect(sink.stored).toHaveLength(1));
    await until(async () => {
      const { Messages } = await sqs.send(new ReceiveMessageCommand({ QueueUrl: dead, VisibilityTimeout: 0 }));
      expect(Messages).toMatchObject([{ Body: '{"hello":"world"}' }]);
    });
    stop.abort();
    await run;
    expect(site.status().outcomes?.unknownMessages).toBe(2);
  });

  test('no such queue, no such bucket, wrong credentials: said with a remedy', async () => {
    const nowhere = `${sqsUrl}/123456789012/nowhere`;
    expect(await source(nowhere).check(stop.signal)).toEqual([
      expect.stringContaining('check the URL of the queue and its region'),
    ]);
    await expect(source(nowhere).run(sink, stop.signal)).rejects.toThrow('check the URL of the queue');
    const listing = createS3Source({ pipeline: 'site', region, bucket: 'nowhere-at-all', spoolDirectory });
    expect(await listing.check(stop.signal)).toEqual([expect.stringContaining('check the name of the bucket')]);
    vi.stubEnv('AWS_SECRET_ACCESS_KEY', 'wrong');
    expect(await listing.check(stop.signal)).toEqual([expect.stringContaining('check the credentials')]);
  });

  test('a backfill takes what is in its time, over many pages, and once', async () => {
    const keys: string[] = [];
    for (const distribution of ['E1SFLUZKKLSP61', 'E2SFLUZKKLSP62']) {
      for (let day = 0; day < 45; day++) {
        const date = new Date(Date.UTC(2026, 0, 1 + day)).toISOString().slice(0, 10);
        for (let hour = 0; hour < 24; hour++) {
          keys.push(`site/${distribution}.${date}-${String(hour).padStart(2, '0')}.0a1b2c3d`);
        }
      }
    }
    const waiting = [...keys];
    const worker = async () => {
      for (let key = waiting.pop(); key; key = waiting.pop()) await put(key, `${key}\n`);
    };
    await Promise.all(Array.from({ length: 16 }, worker));
    const range = { fromMs: Date.UTC(2026, 1, 13), untilMs: Date.UTC(2026, 1, 13, 6) };
    const wanted = keys.filter((key) => {
      const time = readKeyTime(key);
      return time && time.untilMs > range.fromMs && time.fromMs < range.untilMs;
    });
    expect(wanted).toHaveLength(12);
    const options = { region, bucket, prefix: 'site/', range, spoolDirectory };
    expect(await backfill(options, sink, stop.signal)).toMatchObject({ found: 12, done: 12, lines: 12, failed: [] });
    expect(sink.stored.map(({ text }) => text.trim()).sort()).toEqual(wanted.sort());
    expect(await backfill(options, sink, stop.signal)).toMatchObject({ known: 12, lines: 0 });
    const all = await backfill({ ...options, range: {} }, sink, stop.signal);
    expect(all).toMatchObject({ found: keys.length, known: 12, lines: keys.length - 12 });
    expect(sink.stored).toHaveLength(keys.length);
  });
});
