import { createHash } from 'node:crypto';
import { gzipSync } from 'node:zlib';
import fc from 'fast-check';
import { describe, expect, test } from 'vitest';
import { textOf } from '../test-doubles/memory-sink.ts';
import { takeRange } from './take-range.ts';

const shard = {
  id: 'shardId-000000000000',
  parents: [],
  startingSequence: '100',
  hashes: { from: 0n, to: 2n ** 128n },
};
const origin = 'kinesis://edge/shardId-000000000000';

function take(...data: (string | Uint8Array)[]) {
  const [first, ...rest] = data.map((bytes, index) => ({
    data: Buffer.from(bytes as string),
    sequence: `${101 + index}`,
    arrivedAtMs: 1_700_000_000_000 + index,
  }));
  if (!first) throw new Error('a range has at least one record');
  return takeRange([first, ...rest], shard, origin);
}

const linesIn = (...data: (string | Uint8Array)[]) =>
  take(...data).deliveries.map((delivery) => [delivery.content.kind, textOf(delivery)]);

/** As AWS documents it: https://docs.aws.amazon.com/AmazonCloudWatch/latest/logs/SubscriptionFilters.html */
const envelope = {
  owner: '111111111111',
  logGroup: 'CloudTrail/logs',
  logStream: '111111111111_CloudTrail/logs_us-east-1',
  subscriptionFilters: ['Destination'],
  messageType: 'DATA_MESSAGE',
  logEvents: [
    { id: '31953106606966983378809025079804211143289615424298221568', timestamp: 1432826855000, message: '{"a":"\n"}' },
  ],
};
const message = JSON.stringify(envelope);
const control = JSON.stringify({
  messageType: 'CONTROL_MESSAGE',
  owner: 'CloudwatchLogs',
  logGroup: '',
  logStream: '',
  subscriptionFilters: [],
  logEvents: [{ id: '', timestamp: 1432826855000, message: 'CWL CONTROL MESSAGE: Checking health of destination' }],
});

describe('a range of records', () => {
  test('is named after its first and last record, and carries the time of the first', () => {
    expect(take('a\n', 'b\n')).toMatchObject({
      deliveries: [{ origin, version: '101-102', context: { arrivedAtMs: 1_700_000_000_000 } }],
      lastSequence: '102',
    });
  });

  test.each<[string, (string | Uint8Array)[], string]>([
    ['a newline where there is none', ['a', 'b\n', 'c'], 'a\nb\nc\n'],
    ['several lines in a record', ['a\nb\n', 'c\r\nd'], 'a\nb\nc\r\nd\n'],
    ['an empty record, which holds no line', ['a', '', 'b'], 'a\nb\n'],
    [
      'objects one behind the other',
      ['{"a":1}{"b":"}{"}\n{"c":3}', '{"d":4}'],
      '{"a":1}\n{"b":"}{"}\n{"c":3}\n{"d":4}\n',
    ],
    ['an object over several lines', ['{\n "a": 1\n}'], '{  "a": 1 }\n'],
    ['gzip of lines, in two members', [Buffer.concat([gzipSync('a\n'), gzipSync('b'), Buffer.alloc(3)])], 'a\nb\n'],
  ])('%s', (_, records, text) => {
    expect(linesIn(...records)).toEqual([['lines', text]]);
  });

  test('CloudWatch messages come one a line, inflated; control messages are left out', () => {
    const pretty = gzipSync(JSON.stringify(envelope, null, 1));
    const members = Buffer.concat([gzipSync(message), gzipSync(control), gzipSync(message)]);
    const [[kind, text = ''] = []] = linesIn(gzipSync(message), gzipSync(control), members, pretty);
    expect(kind).toBe('cloudwatch');
    const lines = text.split('\n').slice(0, -1);
    expect(lines.map((line) => JSON.parse(line))).toEqual([envelope, envelope, envelope, envelope]);
  });

  test('lines and CloudWatch messages are two deliveries', () => {
    const { deliveries } = take('a', gzipSync(message), 'b');
    expect(deliveries.map(({ version, content }) => [version, content.kind])).toEqual([
      ['101-103#1', 'lines'],
      ['101-103#2', 'cloudwatch'],
    ]);
    expect(deliveries.map(textOf)).toEqual(['a\nb\n', `${message}\n`]);
  });

  test('a range without a line is a delivery all the same', () => {
    expect(take(gzipSync(control))).toMatchObject({ deliveries: [{ version: '101-101', content: { chunks: [] } }] });
  });

  test('what cannot be inflated, or not in reasonable memory, is one line that says so', () => {
    const bomb = gzipSync(Buffer.alloc(100 * 1024 * 1024));
    const broken = gzipSync('a line').subarray(0, 15);
    const more = Buffer.concat([gzipSync('a line'), Buffer.from('\0\0\0more')]);
    const [[, text = ''] = []] = linesIn('a', bomb, broken, more, 'b');
    const lines = text.split('\n');
    expect(lines).toHaveLength(6);
    expect(lines[3]).toMatch(/^cannot inflate this gzip record: other bytes follow its end; base64 H4sI/);
    expect(lines[1]).toMatch(/^cannot inflate this gzip record: more than 33554432 bytes; base64 H4sI/);
    expect(lines[2]).toBe(
      `cannot inflate this gzip record: unexpected end of file; base64 ${broken.toString('base64')}`,
    );
  });

  test('holds so many records as are reasonable once they are inflated', () => {
    const large = gzipSync(Buffer.alloc(10 * 1024 * 1024, 'x\n'));
    const { records, lastSequence } = take(large, large, large);
    expect(records).toHaveLength(2);
    expect(lastSequence).toBe('102');
  });

  test('aggregates of the KPL are taken apart, and what is in them is read like any record', () => {
    const field = (number: number, value: Uint8Array) =>
      Buffer.concat([Buffer.from([number * 8 + 2, value.length]), value]);
    const sub = (data: Uint8Array) => field(3, Buffer.concat([Buffer.from([8, 0]), field(3, data)]));
    const body = Buffer.concat([field(1, Buffer.from('key')), sub(Buffer.from('x')), sub(gzipSync('y\n'))]);
    const digest = createHash('md5').update(body).digest();
    const aggregate = Buffer.concat([Buffer.from('f3899ac2', 'hex'), body, digest]);
    expect(linesIn('a', aggregate, 'b')).toEqual([['lines', 'a\nx\ny\nb\n']]);
  });

  test('any bytes become whole lines, and nothing throws', () => {
    const record = fc.oneof(
      fc.uint8Array(),
      fc.string({ unit: 'binary' }).map((text) => Buffer.from(text)),
      fc.uint8Array().map((bytes) => Buffer.concat([Buffer.from('1f8b08', 'hex'), bytes])),
      fc.uint8Array().map((bytes) => gzipSync(bytes)),
      fc.jsonValue().map((value) => Buffer.from(JSON.stringify(value))),
    );
    fc.assert(
      fc.property(fc.array(record, { minLength: 1, maxLength: 8 }), (records) => {
        const { deliveries, records: taken } = take(...records);
        expect(taken).toHaveLength(records.length);
        for (const delivery of deliveries) expect(textOf(delivery)).toMatch(/(^|\n)$/);
      }),
      { numRuns: 500 },
    );
  });
});
