import { mkdtempSync, rmSync, writeFileSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { gzipSync } from 'node:zlib';
import { afterAll, expect, test } from 'vitest';
import { MemorySink } from '../test-doubles/memory-sink.ts';
import { countFailures, storeFailures } from './failure-files.ts';

const root = mkdtempSync(join(tmpdir(), 'tailrace-failures-'));

afterAll(() => rmSync(root, { recursive: true, force: true }));

const base64 = (text: string | Buffer) => Buffer.from(text).toString('base64');
const envelope = {
  messageType: 'DATA_MESSAGE',
  owner: '123456789012',
  logGroup: 'shop',
  logStream: 'a',
  subscriptionFilters: ['all'],
  logEvents: [{ id: '1', timestamp: 1772366400123, message: 'hello' }],
};

/** Keys and types as documented for each destination; the Lambda's are texts in the template. */
const failures = [
  {
    attemptsMade: '4',
    arrivalTimestamp: '1772366400123',
    errorCode: 'Lambda.FunctionTimedOut',
    errorMessage: 'The Lambda function timed out',
    attemptEndingTimestamp: '1772366460123',
    rawData: base64('one\n'),
    lambdaArn: 'arn:aws:lambda:eu-west-1:123456789012:function:f',
  },
  {
    attemptsMade: 8,
    arrivalTimestamp: 1772366400200,
    errorCode: '400',
    errorMessage: 'mapper_parsing_exception',
    attemptEndingTimestamp: 1772366460123,
    rawData: base64('two'),
    esDocumentId: '4957.0',
    esIndexName: 'logs',
    esTypeName: '',
  },
  {
    attemptsMade: 5,
    arrivalTimestamp: 1772366400300,
    lastErrorCode: 'DataFormatConversion.MalformedData',
    lastErrorMessage: 'Data does not match the schema.',
    attemptEndingTimestamp: 1772366460123,
    rawData: base64(gzipSync(JSON.stringify(envelope))),
    sequenceNumber: '4957',
    subSequenceNumber: null,
  },
  { attemptsMade: 1, arrivalTimestamp: 0, errorCode: '500', errorMessage: '', rawData: 'not base64!' },
];

function write(
  name: string,
  lines: readonly unknown[],
  pack: (text: string) => string | Buffer = (text) => text,
): string {
  const path = join(root, name);
  writeFileSync(
    path,
    pack(lines.map((line) => `${typeof line === 'string' ? line : JSON.stringify(line)}\n`).join('')),
  );
  return path;
}

function storedBy({ stored }: MemorySink) {
  return stored.map(({ origin, version, content, context }) => {
    if (!('chunks' in content)) throw new Error('a record is never a file');
    return { origin, version, kind: content.kind, text: Buffer.concat(content.chunks).toString(), context };
  });
}

test('records of all kinds of failures are stored as Firehose would have delivered them', async () => {
  const sink = new MemorySink();
  const path = write('failed-1', failures);
  expect(await storeFailures([path], sink)).toMatchObject({ files: 1, records: 4, failed: [] });
  const [lines, cloudwatch] = storedBy(sink);
  expect(lines).toMatchObject({
    origin: 'replay:failed-1',
    kind: 'lines',
    text: 'one\ntwo\nnot base64!\n',
    context: { arrivedAtMs: 1772366400123 },
  });
  expect([cloudwatch?.kind, JSON.parse(cloudwatch?.text ?? '')]).toEqual(['cloudwatch', envelope]);
});

test('a file has the same versions each time, also as a copy elsewhere', async () => {
  const [first, second] = [new MemorySink(), new MemorySink()];
  const path = write('failed-2.gz', failures, (text) => gzipSync(text));
  await storeFailures([path], first);
  await storeFailures([path], second);
  expect(storedBy(second)).toEqual(storedBy(first));
  expect(storedBy(first).map(({ text }) => text)).toContain('one\ntwo\nnot base64!\n');
});

test('what is no failed record is told, and the others are stored', async () => {
  const sink = new MemorySink();
  const paths = [
    write('mixed', ['torn {', { level: 'info' }, '', failures[1]]),
    write('damaged.gz', failures, (text) => gzipSync(text).subarray(0, 60)),
    join(root, 'missing'),
  ];
  const { failed, records } = await storeFailures(paths, sink);
  expect(failed).toMatchObject([
    { path: paths[0], problem: '2 of its lines are no failed records of Firehose' },
    { path: paths[1], problem: expect.stringContaining('unexpected end of file') },
    { path: paths[2], problem: expect.stringContaining('no such file') },
  ]);
  expect(records).toBe(1);
  expect(storedBy(sink).map(({ text }) => text)).toEqual(['two\n']);
});

test('a large file is stored in parts', async () => {
  const sink = new MemorySink();
  const large = { ...failures[1], rawData: base64('x'.repeat(900_000)) };
  const path = write(
    'large',
    Array.from({ length: 10 }, () => large),
  );
  expect(await storeFailures([path], sink)).toMatchObject({ records: 10 });
  expect(sink.stored.length).toBeGreaterThan(1);
  expect(new Set(sink.stored.map(({ version }) => version)).size).toBe(sink.stored.length);
});

test('records are counted by error code', async () => {
  expect(Object.fromEntries(await countFailures([write('counted', [...failures, failures[1]])]))).toEqual({
    'Lambda.FunctionTimedOut': 1,
    '400': 2,
    'DataFormatConversion.MalformedData': 1,
    '500': 1,
  });
});
