import { randomUUID } from 'node:crypto';
import { mkdtempSync, rmSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import {
  CreateBucketCommand,
  DeleteObjectCommand,
  type NotificationConfiguration,
  PutBucketNotificationConfigurationCommand,
  PutObjectCommand,
  S3Client,
} from '@aws-sdk/client-s3';
import { CreateQueueCommand, SQSClient } from '@aws-sdk/client-sqs';
import { afterEach, beforeEach, describe, expect, test, vi } from 'vitest';
import { patienceMs } from '../../../test/patience.ts';
import { MemorySink } from '../test-doubles/memory-sink.ts';
import { createS3Source } from './s3-source.ts';

const url = process.env.TAILRACE_TEST_AWS_URL;
if (!url)
  console.warn('skipped: events of S3 through SQS, SNS and EventBridge, because TAILRACE_TEST_AWS_URL is not set');

const region = 'us-east-1';
const account = '123456789012';
const credentials = { accessKeyId: 'test', secretAccessKey: 'testtest' };

describe.skipIf(!url)('events that Moto sends', () => {
  const endpoint = url ?? 'http://none';
  const s3 = new S3Client({ region, endpoint, credentials, forcePathStyle: true });
  const sqs = new SQSClient({ region, endpoint, credentials });
  let spoolDirectory: string;
  let name: string;

  beforeEach(async () => {
    vi.stubEnv('AWS_ACCESS_KEY_ID', 'test');
    vi.stubEnv('AWS_SECRET_ACCESS_KEY', 'testtest');
    spoolDirectory = mkdtempSync(join(tmpdir(), 'tailrace-s3-'));
    name = `logs-${randomUUID()}`;
    await s3.send(new CreateBucketCommand({ Bucket: name }));
    await sqs.send(new CreateQueueCommand({ QueueName: name }));
  });

  afterEach(() => {
    vi.unstubAllEnvs();
    rmSync(spoolDirectory, { recursive: true, force: true });
  });

  const arn = (service: string) => `arn:aws:${service}:${region}:${account}:${name}`;
  const notify = (NotificationConfiguration: NotificationConfiguration) =>
    s3.send(new PutBucketNotificationConfigurationCommand({ Bucket: name, NotificationConfiguration }));

  /** Puts three objects, one with an odd key, removes one, and expects two to be stored and every message gone. */
  async function expectObjects(): Promise<void> {
    const keys = ['edge/plain.log', 'edge/a b+c=é%20.log', 'edge/gone.log'];
    for (const Key of keys) await s3.send(new PutObjectCommand({ Bucket: name, Key, Body: `${Key}\n` }));
    await s3.send(new DeleteObjectCommand({ Bucket: name, Key: 'edge/gone.log' }));
    const sink = new MemorySink();
    const stop = new AbortController();
    const queue = `${endpoint}/${account}/${name}`;
    const source = createS3Source({ pipeline: 'site', region, endpoint, queue, spoolDirectory });
    expect(await source.check(stop.signal)).toEqual([]);
    const run = source.run(sink, stop.signal);
    try {
      await vi.waitFor(() => expect(source.status().outcomes).toMatchObject({ stored: 2, gone: 1 }), {
        timeout: patienceMs,
      });
    } finally {
      stop.abort();
      await run;
    }
    expect(sink.stored.map(({ text }) => text.trim()).sort()).toEqual(keys.slice(0, 2).sort());
    expect(source.status().outcomes).toMatchObject({ unknownMessages: 0, failed: 0 });
  }

  test('directly', async () => {
    await notify({
      QueueConfigurations: [{ QueueArn: arn('sqs'), Events: ['s3:ObjectCreated:*', 's3:ObjectRemoved:*'] }],
    });
    await expectObjects();
  });

  test.each(['false', 'true'])('through a topic, delivered raw: %s', async (raw) => {
    await callQuery('sns', { Action: 'CreateTopic', Name: name });
    await callQuery('sns', {
      ...{ Action: 'Subscribe', TopicArn: arn('sns'), Protocol: 'sqs', Endpoint: arn('sqs') },
      ...{ 'Attributes.entry.1.key': 'RawMessageDelivery', 'Attributes.entry.1.value': raw },
    });
    await notify({ TopicConfigurations: [{ TopicArn: arn('sns'), Events: ['s3:ObjectCreated:*'] }] });
    await expectObjects();
  });

  test('through EventBridge', async () => {
    const EventPattern = JSON.stringify({ source: ['aws.s3'], detail: { bucket: { name: [name] } } });
    await callJson('events', 'AWSEvents.PutRule', { Name: name, EventPattern });
    await callJson('events', 'AWSEvents.PutTargets', { Rule: name, Targets: [{ Id: 'queue', Arn: arn('sqs') }] });
    await notify({ EventBridgeConfiguration: {} });
    await expectObjects();
  });

  /** Two services whose clients this project does not need otherwise; Moto checks only the credential's scope. */
  async function call(service: string, headers: Record<string, string>, body: string): Promise<void> {
    const scope = `test/20260101/${region}/${service}/aws4_request`;
    const authorization = `AWS4-HMAC-SHA256 Credential=${scope}, SignedHeaders=host, Signature=0`;
    const reply = await fetch(endpoint, { method: 'POST', headers: { authorization, ...headers }, body });
    expect(reply.status, await reply.text()).toBe(200);
  }

  const callQuery = (service: string, parameters: Record<string, string>) =>
    call(
      service,
      { 'content-type': 'application/x-www-form-urlencoded' },
      new URLSearchParams({ ...parameters, Version: '2010-03-31' }).toString(),
    );

  const callJson = (service: string, target: string, input: object) =>
    call(service, { 'content-type': 'application/x-amz-json-1.1', 'x-amz-target': target }, JSON.stringify(input));
});
