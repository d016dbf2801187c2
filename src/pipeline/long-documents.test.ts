import { gzipSync } from 'node:zlib';
import { afterAll, beforeAll, expect, test } from 'vitest';
import { keptLineBytes, tooLongReason } from '../schema/line-bound.ts';
import { ingestFiles } from './ingest-files.ts';
import { ScratchStore } from './test-doubles/scratch-store.ts';

let scratch: ScratchStore;
beforeAll(async () => {
  scratch = await ScratchStore.open();
});
afterAll(() => scratch?.close());

const ingest = (path: string) => ingestFiles(scratch.store, [path], { spoolDirectory: scratch.spoolDirectory });

function rejectsOf(origin: string) {
  return scratch.store.engine.rows<{ number: number; reason: string; size: number }>({
    sql: `SELECT line_number AS number, reason, length(line) AS size FROM rejects
          WHERE origin = {origin:String} ORDER BY number`,
    params: { origin },
  });
}

const long = (bytes: number) => 'x'.repeat(bytes);
const tooLong = { reason: tooLongReason, size: keptLineBytes };

const trail = (count: number, text = '') =>
  Array.from(
    { length: count },
    (_, number) =>
      `{"eventVersion":"1.08","eventTime":"2026-02-16T20:40:00Z","eventSource":"s3.amazonaws.com","eventName":"GetObject","sourceIPAddress":"203.0.113.9","requestID":"r${number}","requestParameters":{"x":"${text}"}}`,
  );
const document = (records: readonly string[]) => `{"Records":[${records.join(',')}]}`;
const object = (text: string) => `{"time":"2026-03-01T10:00:00Z","message":"${text}"}`;
const otlp = (...texts: readonly string[]) =>
  `{"resourceLogs":[{"scopeLogs":[{"logRecords":[${texts.map((text) => `{"timeUnixNano":"1772359200000000000","body":{"stringValue":"${text}"}}`).join(',')}]}]}]}\n`;
const envelope = (...texts: readonly string[]) =>
  `${JSON.stringify({
    messageType: 'DATA_MESSAGE',
    owner: '123456789012',
    logGroup: 'group',
    logStream: 'stream',
    subscriptionFilters: ['all'],
    logEvents: texts.map((message, index) => ({ id: `${index}`, timestamp: 1772359200000, message })),
  })}\n`;

test.each<[string, () => string, number]>([
  ['of a CloudTrail file', () => document([...trail(2), ...trail(1, long(9_000_000)), ...trail(2)]), 4],
  ['of a line of objects', () => `${object('a')}${object(long(9_000_000))}${object('b')}\n`, 2],
  ['of OTLP', () => otlp('a') + otlp('b', long(9_000_000), 'c'), 3],
  ['of CloudWatch Logs', () => envelope('a') + envelope('b', long(9_000_000), 'c'), 3],
])('a record %s that is too long is a reject, and the others are rows', async (_name, make, rows) => {
  const path = scratch.file('long.json', make());
  expect(await ingest(path)).toMatchObject({ rows, rejected: 1, failed: [] });
  expect(await rejectsOf(path)).toMatchObject([tooLong]);
});

test('a document of any length is read by its records', async () => {
  const path = scratch.file('large.json', gzipSync(document(trail(100_000, long(500)))));
  expect(await ingest(path)).toMatchObject({ rows: 100_000, rejected: 0, failed: [] });
});

test.each<[string, (text: string) => string]>([
  ['OTLP', otlp],
  ['CloudWatch Logs', envelope],
])('an envelope of %s above its bound is one reject, and the others are rows', async (_name, make) => {
  const path = scratch.file('envelope.json', make('a') + make(long(34_000_000)) + make('b'));
  expect(await ingest(path)).toMatchObject({ rows: 2, rejected: 1, failed: [] });
  expect(await rejectsOf(path)).toMatchObject([tooLong]);
});

test('a record is held to its bound however it is delivered', async () => {
  const text = document([...trail(2), ...trail(1, long(9_000_000)), ...trail(2)]);
  const chunks = [Buffer.from(text.slice(0, 5_000_000)), Buffer.from(text.slice(5_000_000))];
  const receipts = await scratch
    .openSink()
    .store([{ origin: 'kinesis:trail', version: '1', content: { kind: 'lines', chunks } }]);
  expect(receipts).toMatchObject([{ rows: 4, rejected: 1 }]);
  expect(await rejectsOf('kinesis:trail')).toMatchObject([tooLong]);
});
