import { createHash } from 'node:crypto';
import { mkdtempSync, readdirSync, rmSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { afterEach, beforeEach, describe, expect, test, vi } from 'vitest';
import { patienceMs } from '../../../test/patience.ts';
import { MemorySink } from '../test-doubles/memory-sink.ts';
import { type StubAws, startStubAws } from '../test-doubles/stub-aws.ts';
import { createS3Source, type S3Options } from './s3-source.ts';

vi.stubEnv('AWS_ACCESS_KEY_ID', 'test');
vi.stubEnv('AWS_SECRET_ACCESS_KEY', 'testtest');

let aws: StubAws;
let sink: MemorySink;
let spoolDirectory: string;
let stop: AbortController;

beforeEach(async () => {
  aws = await startStubAws();
  sink = new MemorySink();
  spoolDirectory = mkdtempSync(join(tmpdir(), 'tailrace-s3-'));
  stop = new AbortController();
});

afterEach(async () => {
  stop.abort();
  await aws.close();
  rmSync(spoolDirectory, { recursive: true, force: true });
});

const source = (options: Partial<S3Options> = { queue: aws.queueUrl }) =>
  createS3Source({ pipeline: 'site', region: 'us-east-1', endpoint: aws.url, spoolDirectory, ...options });

/** Puts an object and sends the notification that S3 would send. */
function put(key: string, text: string): string {
  const bytes = Buffer.from(text);
  aws.objects.set(`b/${key}`, bytes);
  const eTag = createHash('md5').update(bytes).digest('hex');
  const object = { key: encodeURIComponent(key), size: bytes.length, eTag };
  const body = JSON.stringify({
    Records: [{ eventVersion: '2.1', eventName: 'ObjectCreated:Put', s3: { bucket: { name: 'b' }, object } }],
  });
  aws.send(body);
  return body;
}

const slow = { status: 503, code: 'SlowDown' };
const denied = { status: 403, code: 'AccessDenied' };
const until = (what: () => void) => vi.waitFor(what, { timeout: patienceMs, interval: 20 });
const reads = () => aws.calls.filter((call) => call.startsWith('GetObject'));

describe('a queue', () => {
  test('an object is stored under its content, then its message is deleted and nothing is left behind', async () => {
    put('edge/E1.2026-02-03-04.abc', 'one\ntwo\n');
    const site = source();
    const run = site.run(sink, stop.signal);
    await until(() => expect(aws.messages).toEqual([]));
    expect(sink.stored).toMatchObject([
      {
        text: 'one\ntwo\n',
        origin: 's3://b/edge/E1.2026-02-03-04.abc',
        version: `${createHash('md5').update('one\ntwo\n').digest('hex')}:8`,
        context: { filename: 'E1.2026-02-03-04.abc', arrivedAtMs: Date.UTC(2026, 1, 3, 4, 5, 6) },
      },
    ]);
    expect(site.status()).toMatchObject({
      state: 'running',
      retries: 0,
      parts: [{ name: 'logs', waiting: expect.any(Number) }],
    });
    stop.abort();
    await run;
    expect(readdirSync(spoolDirectory)).toEqual([]);
    expect(site.status().state).toBe('stopped');
  });

  test('many objects wait for the sink at once, so that it can store them together', async () => {
    for (let number = 0; number < 30; number++) put(`many/${number}`, 'x\n');
    const open = sink.hold();
    const run = source().run(sink, stop.signal);
    await until(() => expect(sink.calls).toHaveLength(30));
    open();
    await until(() => expect(aws.messages).toEqual([]));
    stop.abort();
    await run;
    expect(sink.stored).toHaveLength(30);
  });

  test('what passes by itself is tried again: throttling, errors of the server, a body that breaks off', async () => {
    put('slow', 'slow\n');
    put('cut', 'a body that breaks off\n');
    aws.fail('GetObject b/slow', slow, 4);
    aws.fail('GetObject b/cut', 'cut', 2);
    aws.fail('ReceiveMessage', { status: 500, code: 'InternalFailure' }, 4);
    const site = source();
    const run = site.run(sink, stop.signal);
    await until(() => expect(aws.messages).toEqual([]));
    expect(sink.stored.map(({ text }) => text).sort()).toEqual(['a body that breaks off\n', 'slow\n']);
    // The SDK itself tries three times before it reports the failure.
    expect(site.status().retries).toBeGreaterThanOrEqual(4);
    stop.abort();
    await run;
  });

  test('an object that is gone, a removed one, a folder and a test event need nothing more', async () => {
    put('gone', 'x\n');
    aws.objects.delete('b/gone');
    const removed = put('removed', 'x\n').replace('ObjectCreated:Put', 'ObjectRemoved:Delete');
    aws.messages.pop();
    aws.send(removed);
    put('folder/', '');
    put('AWSLogs/1/ELBAccessLogTestFile', 'x');
    aws.send('{"Service":"Amazon S3","Event":"s3:TestEvent","Bucket":"b"}');
    const site = source();
    const run = site.run(sink, stop.signal);
    await until(() => expect(aws.messages).toEqual([]));
    expect(site.status().outcomes).toMatchObject({ gone: 1, removed: 1, ignored: 2, stored: 0 });
    expect(reads()).toEqual(['GetObject b/gone']);
    stop.abort();
    await run;
  });

  test('the same object, told of twice, is read once while that goes on, and stored once', async () => {
    const body = put('twice', 'x\n');
    aws.send(body);
    const site = source();
    const run = site.run(sink, stop.signal);
    await until(() => expect(aws.messages).toEqual([]));
    expect(reads()).toHaveLength(1);
    aws.send(body);
    await until(() => expect(site.status().outcomes?.known).toBe(1));
    stop.abort();
    await run;
    expect(sink.stored).toHaveLength(1);
  });

  test('a message stays hidden as long as its object waits for the sink', async () => {
    put('long', 'x\n');
    const open = sink.hold();
    const site = source({ queue: aws.queueUrl, visibilitySeconds: 1 });
    const run = site.run(sink, stop.signal);
    await until(() => expect(sink.calls).toHaveLength(1));
    await new Promise((resolve) => setTimeout(resolve, 2500));
    expect(aws.messages).toMatchObject([{ receives: 1 }]);
    expect(site.status().parts[0]?.oldestUnacknowledgedMs).toBeGreaterThan(2000);
    open();
    await until(() => expect(aws.messages).toEqual([]));
    stop.abort();
    await run;
  });

  test('a message that came a second time in spite of that is deleted by its latest receipt', async () => {
    put('again', 'x\n');
    const open = sink.hold();
    const run = source().run(sink, stop.signal);
    await until(() => expect(sink.calls).toHaveLength(1));
    for (const message of aws.messages) message.visibleAtMs = 0;
    await until(() => expect(aws.messages).toMatchObject([{ receives: 2 }]));
    open();
    await until(() => expect(aws.messages).toEqual([]));
    stop.abort();
    await run;
    expect(reads()).toHaveLength(1);
  });

  test('a receipt that is too old does no harm: the message comes again', async () => {
    put('late', 'x\n');
    aws.fail('DeleteMessage', { status: 400, code: 'ReceiptHandleIsInvalid' });
    const site = source({ queue: aws.queueUrl, visibilitySeconds: 1 });
    const run = site.run(sink, stop.signal);
    await until(() => expect(aws.messages).toEqual([]));
    expect(site.status().outcomes).toMatchObject({ stored: 1, known: 1, failed: 0 });
    stop.abort();
    await run;
  });

  test('what is no notification stays for the redrive policy', async () => {
    aws.send('hello');
    put('fine', 'x\n');
    const site = source();
    const run = site.run(sink, stop.signal);
    await until(() => expect(aws.messages).toHaveLength(1));
    expect(site.status().outcomes?.unknownMessages).toBe(1);
    expect(site.status().problem).toContain('no notification of S3');
    stop.abort();
    await run;
    expect(aws.messages).toMatchObject([{ body: 'hello', receives: 1 }]);
  });

  test('told to stop, it gives back at once what is not stored', async () => {
    put('waiting', 'x\n');
    sink.hold();
    const run = source().run(sink, stop.signal);
    await until(() => expect(sink.calls).toHaveLength(1));
    stop.abort();
    await run;
    expect(aws.messages).toHaveLength(1);
    expect(aws.messages[0]?.visibleAtMs).toBeLessThanOrEqual(Date.now());
    expect(readdirSync(spoolDirectory)).toEqual([]);
  });
});

describe('what only a person can mend', () => {
  test('no permission to read the bucket ends it, naming the action; the message stays', async () => {
    put('secret', 'x\n');
    aws.fail('GetObject', denied, 9);
    await expect(source().run(sink, stop.signal)).rejects.toThrow(
      /cannot read "s3:\/\/b\/secret": AccessDenied.*; allow s3:GetObject on arn:aws:s3:::b\/\*/,
    );
    expect(aws.messages).toHaveLength(1);
  });

  test('no permission to read one object of a bucket keeps none from the others', async () => {
    put('first', 'x\n');
    const site = source();
    const run = site.run(sink, stop.signal);
    await until(() => expect(aws.messages).toEqual([]));
    aws.fail('GetObject b/secret', denied, 99);
    put('secret', 'x\n');
    put('last', 'x\n');
    await until(() => expect(sink.stored).toHaveLength(2));
    await until(() => expect(site.status().outcomes?.failed).toBe(1));
    expect(site.status().problem).toContain('s3:GetObject');
    await until(() => expect(aws.messages).toMatchObject([{ receives: 1 }]));
    stop.abort();
    await run;
  });

  test('no such queue, in run and in check', async () => {
    aws.fail('ReceiveMessage', { status: 400, code: 'QueueDoesNotExist' });
    await expect(source().run(sink, stop.signal)).rejects.toThrow(/check the URL of the queue/);
    for (const call of ['GetQueueAttributes', 'DeleteMessage']) aws.fail(call, denied);
    expect(await source().check(stop.signal)).toEqual([
      expect.stringContaining('allow sqs:GetQueueAttributes'),
      expect.stringContaining('allow sqs:DeleteMessage'),
    ]);
  });

  test('check is content with what works, and touches nothing', async () => {
    put('a', 'x\n');
    expect(await source({ queue: aws.queueUrl, bucket: 'b' }).check(stop.signal)).toEqual([]);
    expect(aws.messages).toMatchObject([{ receives: 0 }]);
  });

  test('check names what is missing for a bucket', async () => {
    aws.objects.set('b/a', Buffer.from('x'));
    aws.fail('GetObject', denied);
    expect(await source({ bucket: 'b' }).check(stop.signal)).toEqual([
      expect.stringContaining('allow s3:GetObject on arn:aws:s3:::b/*, and kms:Decrypt'),
    ]);
    aws.fail('ListObjectsV2', { status: 404, code: 'NoSuchBucket' });
    expect(await source({ bucket: 'b' }).check(stop.signal)).toEqual([
      expect.stringContaining('check the name of the bucket'),
    ]);
  });
});

describe('a listing', () => {
  test('takes what is new each time, across pages, and reads nothing twice', async () => {
    for (const key of ['p/1', 'p/2', 'p/3', 'p/4', 'other']) aws.objects.set(`b/${key}`, Buffer.from(`${key}\n`));
    const site = source({ bucket: 'b', prefix: 'p/', intervalMs: 50 });
    const run = site.run(sink, stop.signal);
    await until(() => expect(sink.stored).toHaveLength(4));
    aws.objects.set('b/p/5', Buffer.from('p/5\n'));
    await until(() => expect(sink.stored).toHaveLength(5));
    stop.abort();
    await run;
    expect(reads().sort()).toEqual([1, 2, 3, 4].map((n) => `GetObject b/p/${n}`).concat('GetObject b/p/5'));
    expect(site.status().parts).toEqual([{ name: 's3://b/p/' }]);
  });

  test('asks the store for the objects of a page, and not for all that begin like them', async () => {
    const keys = ['2025-12-31', '2026-01-01', '2026-01-02', '2026-02-01'].map((day) => `p/${day}`);
    for (const key of keys) aws.objects.set(`b/${key}`, Buffer.from(`${key}\n`));
    const [versionsOf, lastStored] = [vi.spyOn(sink, 'versionsOf'), vi.spyOn(sink, 'lastStored')];
    const run = source({ bucket: 'b', prefix: 'p/', intervalMs: 50 }).run(sink, stop.signal);
    await until(() => expect(versionsOf.mock.calls.length).toBeGreaterThan(3));
    stop.abort();
    await run;
    expect(lastStored).not.toHaveBeenCalled();
    const pages = versionsOf.mock.calls.map(([origins]) => origins);
    expect(pages.slice(0, 2)).toEqual(
      [keys.slice(0, 3), keys.slice(3)].map((page) => page.map((key) => `s3://b/${key}`)),
    );
    expect(reads()).toHaveLength(keys.length);
  });

  test('no permission to list ends it, naming the action', async () => {
    aws.fail('ListObjectsV2', denied, 3);
    await expect(source({ bucket: 'b' }).run(sink, stop.signal)).rejects.toThrow(
      /cannot list "s3:\/\/b\/".*allow s3:ListBucket on arn:aws:s3:::b/,
    );
  });
});
