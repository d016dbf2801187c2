import { gzipSync } from 'node:zlib';
import fc from 'fast-check';
import { afterEach, beforeEach, describe, expect, it } from 'vitest';
import { type IntakeServer, startIntakeServer } from '../../../server/test-doubles/intake-server.ts';
import { readFirehoseBody } from './read-firehose-body.ts';

const arn = 'arn:aws:firehose:us-east-1:123456789012:deliverystream/logs';
const requestId = 'ed4acda5-034f-9f42-bba1-f29aea6d7d8f';

let target: IntakeServer;

beforeEach(async () => {
  target = await startIntakeServer('the-key');
});

afterEach(() => target.server.stop(0));

interface Batch {
  readonly records: readonly unknown[];
  readonly requestId?: string;
  readonly timestamp?: number;
}

/**
 * A stub: no local server sends what Amazon Data Firehose sends, so this follows its documentation.
 * https://docs.aws.amazon.com/firehose/latest/dev/httpdeliveryrequestresponse.html
 */
function send(body: Batch | string, headers: Readonly<Record<string, string>> = {}): Promise<Response> {
  const text = typeof body === 'string' ? body : JSON.stringify({ requestId, timestamp: 1578090901599, ...body });
  return fetch(`${target.url}/ingest/firehose`, {
    method: 'POST',
    headers: {
      'Content-Type': 'application/json',
      'Content-Encoding': 'gzip',
      'X-Amz-Firehose-Protocol-Version': '1.0',
      'X-Amz-Firehose-Request-Id': requestId,
      'X-Amz-Firehose-Source-Arn': arn,
      'X-Amz-Firehose-Access-Key': 'the-key',
      ...headers,
    },
    body: gzipSync(text),
  });
}

const record = (data: string | Uint8Array) => ({ data: Buffer.from(data).toString('base64') });

const envelope = (messageType: string, messages: readonly string[]) =>
  JSON.stringify({
    messageType,
    owner: '123456789012',
    logGroup: '/aws/lambda/x',
    logStream: 's',
    subscriptionFilters: ['f'],
    logEvents: messages.map((message, index) => ({ id: String(index), timestamp: 1700000000000, message })),
  });

describe('a batch', () => {
  it('is answered as the protocol wants it', async () => {
    const answer = await send({ records: [record('a line')] });
    expect(answer.status).toBe(200);
    expect(answer.headers.get('content-type')).toBe('application/json');
    expect(answer.headers.get('content-encoding')).toBeNull();
    const text = await answer.text();
    expect(answer.headers.get('content-length')).toBe(String(text.length));
    expect(JSON.parse(text)).toEqual({ requestId, timestamp: expect.any(Number) });
    expect(target.sink.stored).toMatchObject([
      { origin: `firehose:${arn}`, version: requestId, context: { arrivedAtMs: 1578090901599 } },
    ]);
  });

  it('becomes lines: records without an end get one, joined objects are cut, empty records are nothing', async () => {
    await send({ records: ['no end', 'two\nlines\n', '', '{"a":1}{"b":"}{"}', '{"c":1}\n'].map(record) });
    expect(target.sink.lines).toEqual(['no end', 'two', 'lines', '{"a":1}', '{"b":"}{"}', '{"c":1}']);
  });

  it('is stored once, however often it is sent', async () => {
    await Promise.all([1, 2, 3].map(() => send({ records: [record('once')] })));
    expect(target.sink.lines).toEqual(['once']);
    expect(target.server.intakeCounts.firehose).toMatchObject({ requests: 3, lines: 1 });
  });

  it('gives its common attributes to lines that say nothing themselves', async () => {
    const attributes = JSON.stringify({ commonAttributes: { service: 'cart', group: 'shop', else: 'x' } });
    await send({ records: [record('x')] }, { 'X-Amz-Firehose-Common-Attributes': attributes });
    expect(target.sink.stored[0]?.context).toEqual({ arrivedAtMs: 1578090901599, service: 'cart', group: 'shop' });
    expect((await send({ records: [] }, { 'X-Amz-Firehose-Common-Attributes': '{"a' })).status).toBe(200);
  });

  it('is not acknowledged before it is durable', async () => {
    const open = target.sink.hold();
    let status = 0;
    const answered = send({ records: [record('x')] }).then((answer) => {
      status = answer.status;
    });
    await expect.poll(() => target.sink.calls.length).toBe(1);
    expect(status).toBe(0);
    open();
    await answered;
    expect(status).toBe(200);
  });
});

describe('CloudWatch Logs subscriptions', () => {
  it('come as gzip, of one message or several, or inflated; probes are dropped', async () => {
    const [first, second, third] = ['1', '2', '3'].map((message) => envelope('DATA_MESSAGE', [message]));
    const control = envelope('CONTROL_MESSAGE', ['CWL CONTROL MESSAGE: Checking health of destination.']);
    const members = Buffer.concat([gzipSync(first ?? ''), gzipSync(second ?? ''), gzipSync(control)]);
    await send({ records: [record(members), record(third ?? ''), record('a line'), record(gzipSync(control))] });
    expect(target.sink.stored.map(({ content, version, text }) => [content.kind, version, text])).toEqual([
      ['lines', requestId, 'a line\n'],
      ['cloudwatch', `${requestId}#cloudwatch`, `${first}\n${second}\n${third}\n`],
    ]);
  });

  it('are stored in parts when they inflate to much, the same ones each time', async () => {
    const large = gzipSync(envelope('DATA_MESSAGE', ['x'.repeat(20_000_000)]));
    const batch = { records: [1, 2, 3].map(() => record(large)) };
    expect((await send(batch)).status).toBe(200);
    expect((await send(batch)).status).toBe(200);
    expect(target.sink.stored.map(({ version }) => version)).toEqual([
      `${requestId}#cloudwatch`,
      `${requestId}#cloudwatch#2`,
    ]);
    expect(target.sink.lines).toHaveLength(3);
  });
});

describe('what cannot be decoded is kept as it came, because a refusal would bring it again', () => {
  it.each<[string, readonly unknown[], readonly string[]]>([
    ['bad base64', [{ data: '*** no base64' }, record('good')], ['*** no base64', 'good']],
    ['a record without data', [{ date: 1 }, 5, record('good')], ['{"date":1}', '5', 'good']],
    [
      'damaged gzip',
      [record(Buffer.from('1f8b0800ffff', 'hex')), record('good')],
      ['cannot inflate this gzip record: unexpected end of file; base64 H4sIAP//', 'good'],
    ],
  ])('%s', async (_name, records, lines) => {
    expect((await send({ records })).status).toBe(200);
    expect(target.sink.lines).toEqual(lines);
  });

  it.each(['', 'no JSON', '{"requestId":"x"', '{"records":{}}', '[]'])('the body %j', async (body) => {
    expect((await send(body)).status).toBe(200);
    expect(target.sink.lines).toEqual(body === '' ? [] : [body]);
  });

  it('a record that inflates to more than memory should hold', async () => {
    const bomb = record(gzipSync(Buffer.alloc(70 * 1024 * 1024)));
    expect((await send({ records: [bomb, record('good')] })).status).toBe(200);
    expect(target.sink.lines).toEqual([
      `cannot inflate this gzip record: more than 33554432 bytes; base64 ${bomb.data}`,
      'good',
    ]);
  });
});

describe('refusals', () => {
  it.each<[string, Readonly<Record<string, string>>, number]>([
    ['a wrong key', { 'X-Amz-Firehose-Access-Key': 'the-kez' }, 401],
    ['no key', { 'X-Amz-Firehose-Access-Key': '' }, 401],
    ['another id in the header', { 'X-Amz-Firehose-Request-Id': 'other' }, 400],
    ['another protocol', { 'X-Amz-Firehose-Protocol-Version': '2.0' }, 400],
    ['no gzip where it says so', { 'Content-Encoding': 'br' }, 400],
  ])('%s', async (_name, headers, status) => {
    const answer = await send({ records: [record('x')] }, headers);
    expect(answer.status).toBe(status);
    expect(answer.headers.get('content-type')).toBe('application/json');
    expect(await answer.json()).toEqual({
      requestId: headers['X-Amz-Firehose-Request-Id'] ?? requestId,
      timestamp: expect.any(Number),
      errorMessage: expect.stringMatching(/^cannot /),
    });
    expect(target.sink.calls).toEqual([]);
  });

  it('takes the largest batch there can be, and says 413 to more', async () => {
    const largest = record('x'.repeat(1_024_000));
    const records = Array.from({ length: 65 }, () => largest);
    expect((await send({ records })).status).toBe(200);
    expect(target.sink.lines).toHaveLength(65);
    expect((await send({ records: [...records, ...records.slice(0, 4)] })).status).toBe(413);
  });
});

describe('readFirehoseBody', () => {
  it('reads what JSON.parse reads, in any order, with escapes and unknown members', () => {
    const data = fc.uint8Array({ maxLength: 30 });
    fc.assert(
      fc.property(fc.array(data), fc.string(), fc.json(), (list, id, unknown) => {
        const records = list.map((bytes) => `{"x":${unknown},"data" : ${escapeSlashes(Buffer.from(bytes))}}`);
        const text = `{"a":${unknown},"records": [${records.join(' ,\n')}],"requestId":${JSON.stringify(id)}}`;
        const body = readFirehoseBody(Buffer.from(text));
        expect(body?.requestId).toBe(id);
        expect([...(body?.records ?? [])].map(({ data: bytes }) => Buffer.from(bytes).toString('hex'))).toEqual(
          list.filter(({ length }) => length > 0).map((bytes) => Buffer.from(bytes).toString('hex')),
        );
      }),
    );
  });

  it('never throws, whatever the bytes', () => {
    fc.assert(
      fc.property(fc.uint8Array(), fc.nat(100), (bytes, at) => {
        const text = Buffer.from('{"requestId":"\\ud83d","records":[{"data":"YWJj"},{"data":"\\u0059Q=="}]}');
        text.set(bytes.subarray(0, text.length - Math.min(at, text.length)), Math.min(at, text.length));
        for (const body of [readFirehoseBody(text), readFirehoseBody(Buffer.from(bytes))]) {
          for (const { data } of body?.records ?? []) expect(data.length).toBeGreaterThan(0);
        }
      }),
      { numRuns: 1000 },
    );
  });
});

function escapeSlashes(bytes: Buffer): string {
  return JSON.stringify(bytes.toString('base64')).replaceAll('/', '\\/').replaceAll('=', '\\u003d');
}
