import { gzipSync } from 'node:zlib';
import { CreateBucketCommand, PutObjectCommand, S3Client } from '@aws-sdk/client-s3';
import { CreateQueueCommand, SendMessageCommand, SQSClient } from '@aws-sdk/client-sqs';
import { type Feed, newId, pause } from '../feed.ts';

export interface S3FeedOptions {
  readonly s3: string;
  readonly sqs: string;
  /** Kills one of its servers and brings it back with its data. */
  readonly disturb?: () => Promise<void>;
  readonly close?: () => Promise<void>;
}

/** The local queue writes to its disk with a delay, so when it is killed it loses the latest messages that it took. */
const writtenAfterMs = 45_000;

const credentials = { accessKeyId: 'test', secretAccessKey: 'testtest' };

/** CloudFront writing objects, of which the queue tells twice and in no order. */
export async function createS3Feed({ s3, sqs, disturb, close }: S3FeedOptions): Promise<Feed> {
  const objects = new S3Client({ endpoint: s3, region: 'us-east-1', forcePathStyle: true, credentials });
  const messages = new SQSClient({ endpoint: sqs, region: 'us-east-1', credentials });
  await objects.send(new CreateBucketCommand({ Bucket: 'logs' }));
  const { QueueUrl = '' } = await messages.send(
    new CreateQueueCommand({ QueueName: 'objects', Attributes: { VisibilityTimeout: '20' } }),
  );
  const taken = new Set<string>();
  /** What the queue is to be told of, and what it was told of lately. */
  const told: string[] = [];
  const lately: { readonly body: string; readonly atMs: number }[] = [];
  let number = 0;
  let isDisturbed = false;
  const tell = async (body: string) => {
    await untilTaken(() => messages.send(new SendMessageCommand({ QueueUrl, MessageBody: body })));
    lately.push({ body, atMs: Date.now() });
    // Its restart may take longer than that; what it lost is told again afterwards.
    while (!isDisturbed && (lately[0]?.atMs ?? Number.POSITIVE_INFINITY) < Date.now() - writtenAfterMs) lately.shift();
  };
  return {
    name: 's3',
    pipeline: `s3:
    source: { type: s3, queue: "${QueueUrl}", region: us-east-1, endpoint: "${s3}", visibilityTimeout: 20s }`,
    taken,
    doubtful: new Set(),
    async run(_worker, signal) {
      while (!signal.aborted) {
        const ids = Array.from({ length: 50 }, () => newId('s3'));
        const key = `edge/E2EXAMPLE${++number}.2026-11-21-10.aaaa.gz`;
        const header = '#Version: 1.0\n#Fields: date time c-ip cs-method cs-uri-stem sc-status x-edge-request-id\n';
        const lines = ids.map(standardLine).join('');
        const Body = gzipSync(header + lines);
        await untilTaken(() => objects.send(new PutObjectCommand({ Bucket: 'logs', Key: key, Body })));
        for (const id of ids) taken.add(id);
        told.push(notification(key, Body.length));
        while (told.length > 5) await tell(told.splice(Math.floor(Math.random() * told.length), 1)[0] as string);
        if (number % 3 === 0) await tell(notification(key, Body.length));
        await pause(50);
      }
      for (const body of told.splice(0)) await tell(body);
    },
    async disturb() {
      isDisturbed = true;
      try {
        await disturb?.();
      } finally {
        told.push(...lately.map(({ body }) => body));
        isDisturbed = false;
      }
    },
    async close() {
      objects.destroy();
      messages.destroy();
      await close?.();
    },
  };
}

/** The servers are killed as well: both calls may be repeated freely. */
async function untilTaken(call: () => Promise<unknown>): Promise<void> {
  for (let attempt = 1; ; attempt++) {
    try {
      await call();
      return;
    } catch (cause) {
      if (attempt === 600) throw new Error('the local server of the campaign never came back', { cause });
      await pause(100);
    }
  }
}

function standardLine(id: string): string {
  const [date, clock] = new Date().toISOString().split(/[T.]/);
  return `${[date, clock, '192.0.2.1', 'GET', '/campaign', '200', id].join('\t')}\n`;
}

function notification(key: string, size: number): string {
  const object = { key: encodeURIComponent(key).replaceAll('%2F', '/'), size };
  const s3 = { s3SchemaVersion: '1.0', bucket: { name: 'logs' }, object };
  return JSON.stringify({
    Records: [
      { eventVersion: '2.1', eventSource: 'aws:s3', awsRegion: 'us-east-1', eventName: 'ObjectCreated:Put', s3 },
    ],
  });
}
