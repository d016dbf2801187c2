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

const files = (paths: readonly string[]) => paths.map((path) => ({ path, name: path }));

function storedBy({ stored }: MemorySink) {
  return stored.map(({ origin, version, content, context }) => {
    if (!('chunks' in content)) throw new Error('a record is never a file');
    return { origin, version, kind: content.kind, text: Buffer.concat(content.chunks).toString(), context };
  });
}

test('records of all kinds of failures are stored as Firehose would have delivered them, by their error code', async () => {
  const sink = new MemorySink();
  const path = write('failed-1', [...failures, { ...failures[1], rawData: base64('three') }]);
  expect(await storeFailures(files([path]), sink)).toMatchObject({ files: 1, records: 5, failed: [] });
  const stored = storedBy(sink);
  expect(stored.map(({ origin, kind }) => [origin, kind])).toEqual(
    ['lines', 'lines', 'cloudwatch', 'lines'].map((kind) => ['replay:failed-1', kind]),
  );
  expect(JSON.parse(stored[2]?.text ?? '')).toEqual(envelope);
  expect([0, 1, 3].map((index) => stored[index]?.text)).toEqual(['one\n', 'two\nthree\n', 'not base64!\n']);
  expect(stored.map(({ context }) => context?.arrivedAtMs)).toEqual([
    1772366400123,
    1772366400200,
    1772366400300,
    undefined,
  ]);
});

test('records are chosen by error code, files by the arrival of their first record, without other versions', async () => {
  const [all, some] = [new MemorySink(), new MemorySink()];
  const paths = [write('chosen', failures), write('late', [{ ...failures[0], arrivalTimestamp: 1772366500000 }])];
  await storeFailures(files(paths), all);
  const ofFirst = { fromMs: 1772366400123, untilMs: 1772366500000 };
  expect(await storeFailures(files(paths), some, { ...ofFirst, errorCode: '40' })).toMatchObject({ records: 1 });
  const [all400] = storedBy(all).filter(({ text }) => text === 'two\n');
  expect(storedBy(some)).toEqual([all400]);
  expect(Object.fromEntries((await countFailures(files(paths), { fromMs: 1772366400124 })).codes)).toEqual({
    'Lambda.FunctionTimedOut': 1,
  });
  expect((await countFailures(files(paths), ofFirst)).codes.size).toBe(4);
});

test("what Tailrace's own backups have is in the store already, and told", async () => {
  const sink = new MemorySink();
  const own = { ...failures[1], tailraceDestination: 'search', tailraceBatch: '914067372376507168' };
  const path = write('search-914067372376507168', [own, failures[0], own]);
  const problem =
    '2 of its records were refused by the destination "search", and their rows are in the store: run "tailrace replay --destination search" to deliver them again';
  expect((await storeFailures(files([path]), sink)).failed).toEqual([{ name: path, problem }]);
  expect(storedBy(sink).map(({ text }) => text)).toEqual(['one\n']);
  expect(await countFailures(files([path]))).toEqual({
    codes: new Map([['Lambda.FunctionTimedOut', 1]]),
    failed: [{ name: path, problem }],
  });
});

test('a file has the same versions each time, also as a copy elsewhere', async () => {
  const [first, second] = [new MemorySink(), new MemorySink()];
  const path = write('failed-2.gz', failures, (text) => gzipSync(text));
  await storeFailures(files([path]), first);
  await storeFailures(files([path]), second);
  expect(storedBy(second)).toEqual(storedBy(first));
  expect(storedBy(first).map(({ text }) => text)).toContain('two\n');
});

test('what is no failed record is told, and the others are stored', async () => {
  const sink = new MemorySink();
  const paths = [
    write('mixed', ['torn {', { level: 'info' }, '', failures[1]]),
    write('damaged.gz', failures, (text) => gzipSync(text).subarray(0, 60)),
    join(root, 'missing'),
  ];
  const { failed, records } = await storeFailures(files(paths), sink);
  expect(failed).toMatchObject([
    { name: paths[0], problem: '2 of its lines are no failed records of Firehose' },
    { name: paths[1], problem: expect.stringContaining('unexpected end of file') },
    { name: paths[2], problem: expect.stringContaining('no such file') },
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
  expect(await storeFailures(files([path]), sink)).toMatchObject({ records: 10 });
  expect(sink.stored.length).toBeGreaterThan(1);
  expect(new Set(sink.stored.map(({ version }) => version)).size).toBe(sink.stored.length);
});

test('records are counted by error code', async () => {
  const { codes } = await countFailures(files([write('counted', [...failures, failures[1]])]));
  expect(Object.fromEntries(codes)).toEqual({
    'Lambda.FunctionTimedOut': 1,
    '400': 2,
    'DataFormatConversion.MalformedData': 1,
    '500': 1,
  });
});
