import { writeFileSync } from 'node:fs';
import { mkdtemp, rm } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import fc from 'fast-check';
import { afterAll, beforeAll, expect, test } from 'vitest';
import { copyPreparedStore } from '../../../test/prepared-store.ts';
import { findFormat } from '../../formats/catalog.ts';
import { findLogFormat, logFormats } from '../../formats/logs/catalog.ts';
import { openStore, type Store } from '../../store/open-store.ts';
import { compileInsert } from '../compile-insert.ts';
import { detectLayout } from '../detect-layout.ts';
import { compileLogInsert, type LogOrigin } from './compile-log-insert.ts';
import { detectLogLayout } from './detect-log-layout.ts';
import type { LogLayout } from './log-layout.ts';

let store: Store;
let directory: string;
let batches = 0;

beforeAll(async () => {
  directory = await mkdtemp(join(tmpdir(), 'tailrace-compile-logs-'));
  store = await openStore({ directory: copyPreparedStore(join(directory, 'store')) });
});

afterAll(async () => {
  await store?.close();
  await rm(directory, { recursive: true, force: true });
});

function layoutOf(name: string, onlyJson = false): LogLayout {
  const format = findLogFormat(name);
  if (!format) throw new Error(`no format ${name}`);
  return { format, onlyJson };
}

function originOf(objects: number): LogOrigin {
  const each = (name: string) => Array.from({ length: objects }, (_, index) => `${name}-${index + 1}`);
  return {
    batch: String(++batches),
    origins: each('origin'),
    filenames: each('file'),
    groups: each('group'),
    streams: each('stream'),
    services: each('service'),
    hosts: each('host'),
    arrivedAtMs: each('').map((_, index) => Date.UTC(2026, 2, 1 + index)),
  };
}

function writeObjects(contents: readonly (string | Uint8Array)[]) {
  return contents.map((content, index) => {
    const path = join(directory, `object-${index}`);
    writeFileSync(path, content);
    return { path, gzip: false };
  });
}

async function insert(layout: LogLayout, origin: LogOrigin, contents: readonly (string | Uint8Array)[]): Promise<void> {
  const files = writeObjects(contents);
  await store.engine.insertFrom({ kind: 'lines', files }, (source) => compileLogInsert(layout, origin, source));
}

function rowsOf<T>(origin: LogOrigin, columns: string, table = 'logs'): Promise<T[]> {
  return store.engine.rows<T>({
    sql: `SELECT ${columns} FROM ${table} WHERE batch = {batch:UInt64} ORDER BY ALL`,
    params: { batch: origin.batch },
  });
}

async function booksOf(origin: LogOrigin) {
  const [books] = await store.engine.rows<{
    lines: number;
    rows: number;
    comments: number;
    rejected: number;
    kept: number;
  }>({
    sql: `
      SELECT sum(lines) AS lines, sum(comments) AS comments, sum(rejected) AS rejected,
        (SELECT count() FROM logs WHERE batch = {batch:UInt64}) AS rows,
        (SELECT count() FROM rejects WHERE batch = {batch:UInt64}) AS kept
      FROM tallies WHERE batch = {batch:UInt64}`,
    params: { batch: origin.batch },
  });
  return books;
}

test('what an object says holds for its lines that do not say otherwise', async () => {
  const origin = originOf(2);
  const own = '{"time":"2026-03-05T00:00:00Z","msg":"own","service":"s","host":"h"}\n';
  await insert(layoutOf('json-lines'), origin, ['{"msg":"a"}\n', `{"msg":"b"}\n${own}`]);
  expect(await rowsOf(origin, 'message, service, host, group, stream, filename, toString(time) AS time')).toEqual([
    {
      message: 'a',
      service: 'service-1',
      host: 'host-1',
      group: 'group-1',
      stream: 'stream-1',
      filename: 'file-1',
      time: '2026-03-01 00:00:00.000',
    },
    {
      message: 'b',
      service: 'service-2',
      host: 'host-2',
      group: 'group-2',
      stream: 'stream-2',
      filename: 'file-2',
      time: '2026-03-02 00:00:00.000',
    },
    {
      message: 'own',
      service: 's',
      host: 'h',
      group: 'group-2',
      stream: 'stream-2',
      filename: 'file-2',
      time: '2026-03-05 00:00:00.000',
    },
  ]);
});

test('a line without a time, of an object that arrived at no known time, happened now', async () => {
  const origin = { ...originOf(1), arrivedAtMs: [0] };
  await insert(layoutOf('text'), origin, ['hello\n']);
  expect(await rowsOf(origin, "abs(dateDiff('second', time, now64(3))) < 600 AS recent")).toEqual([{ recent: 1 }]);
});

test('a row says whose time it has', async () => {
  const origin = originOf(1);
  const lines = ['{"ts":1772409600,"msg":"a"}', '{"ts":"soon","msg":"b"}', '2026-03-01T00:00:00Z c', 'd'];
  await insert(layoutOf('json-lines'), origin, [`${lines.join('\n')}\n`]);
  const carried = { ...originOf(1), batch: origin.batch, opening: { steps: ['docker-json'] } };
  const wrapped = ['{"log":"e\\n","stream":"stdout","time":"2026-03-02T00:00:00Z"}', '{"log":"f","stream":"stdout"}'];
  await insert(layoutOf('json-lines'), carried, [`${wrapped.join('\n')}\n`]);
  const envelope = {
    messageType: 'DATA_MESSAGE',
    logEvents: [{ id: '1', timestamp: 1_772_366_400_000, message: 'g' }],
  };
  await insert(layoutOf('text'), { ...carried, opening: { steps: ['cloudwatch'] } }, [JSON.stringify(envelope)]);
  expect(await rowsOf(origin, 'right(message, 1) AS message, time_from')).toEqual([
    { message: 'a', time_from: 'event' },
    { message: 'b', time_from: 'arrival' },
    { message: 'c', time_from: 'event' },
    { message: 'd', time_from: 'arrival' },
    { message: 'e', time_from: 'envelope' },
    { message: 'f', time_from: 'arrival' },
    { message: 'g', time_from: 'envelope' },
  ]);
});

test('names are known however they are spelled, and of values for one column none is lost', async () => {
  const origin = originOf(1);
  const line = {
    'Event-Time': '2026-03-05T00:00:00Z',
    LOG_LEVEL: 'warning',
    msg: 'a',
    Msg: 'b',
    requestID: 'r',
    status: 7,
  };
  await insert(layoutOf('json-lines'), origin, [JSON.stringify(line)]);
  expect(await rowsOf(origin, 'toString(time) AS time, level, message, request_id, attributes')).toEqual([
    {
      time: '2026-03-05 00:00:00.000',
      level: 'WARN',
      message: 'a',
      request_id: 'r',
      attributes: { LOG_LEVEL: 'warning', Msg: 'b', status: '7' },
    },
  ]);
});

test('what a line says holds before what its envelope says, whatever the names', async () => {
  const origin = { ...originOf(1), opening: { steps: ['docker-json'] } };
  const inner = { ts: '2026-03-05T00:00:00Z', severity: 'error', msg: 'a', reqId: 'inner', hostname: 'h' };
  const outer = {
    log: JSON.stringify(inner),
    stream: 'stdout',
    level: 'info',
    timestamp: 'x',
    request_id: 'outer',
    ts: 1,
  };
  await insert(layoutOf('json-lines'), origin, [JSON.stringify(outer)]);
  expect(await rowsOf(origin, 'toString(time) AS time, level, message, host, request_id, attributes')).toEqual([
    {
      time: '2026-03-05 00:00:00.000',
      level: 'ERROR',
      message: 'a',
      host: 'h',
      request_id: 'inner',
      attributes: expect.objectContaining({
        'log.iostream': 'stdout',
        level: 'info',
        timestamp: 'x',
        request_id: 'outer',
        'transport.ts': '1',
      }),
    },
  ]);
});

test('JSON in a text is opened, four deep, and the row says so', async () => {
  const origin = originOf(1);
  const inner = { level: 'error', msg: 'deep', reqId: 'r', time: '2026-03-05T00:00:00Z' };
  const wrapped = {
    message: JSON.stringify({ msg: JSON.stringify(inner), time: 1, level: 'info' }),
    service: 's',
    n: 7,
  };
  const deeper = Array.from({ length: 5 }).reduce<object>((held) => ({ log: JSON.stringify(held) }), { msg: 'x' });
  const others = [{ msg: { a: 1 } }, { msg: '{"torn":' }, { msg: '{}', a: '{"b":1}' }, { msg: '[{"a":1}]' }];
  const lines = [wrapped, deeper, ...others].map((line) => `${JSON.stringify(line)}\n`);
  await insert(layoutOf('json-lines'), origin, [lines.join('')]);
  const rows = await rowsOf<{ message: string }>(
    origin,
    'toString(time) AS time, level, message, service, request_id, shape, attributes',
  );
  expect(rows).toHaveLength(6);
  expect(rows.find(({ message }) => message === 'deep')).toEqual({
    time: '2026-03-05 00:00:00.000',
    level: 'ERROR',
    message: 'deep',
    service: 's',
    request_id: 'r',
    shape: 'json',
    attributes: { opened: 'message.msg', n: '7', 'transport.time': '1', 'transport.level': 'info' },
  });
  const attributes = rows.map(({ message, ...row }) => [
    message,
    (row as unknown as { attributes: object }).attributes,
  ]);
  expect(attributes).toEqual(
    expect.arrayContaining([
      ['{"log":"{\\"msg\\":\\"x\\"}"}', { 'log.msg': 'x', opened: 'log.log.log.log' }],
      ['{"a":1}', {}],
      ['{"torn":', {}],
      ['{}', { a: '{"b":1}' }],
      ['[{"a":1}]', {}],
    ]),
  );
});

test('text in another encoding has its shape, and keeps its bytes', async () => {
  const origin = originOf(1);
  const line = Buffer.from('<13>Mar  1 10:00:00 stra\xdfe caf\xe9[7]: M\xfcnchen \x96 \u00a3\n', 'latin1');
  await insert(layoutOf('text'), origin, [line]);
  const hex = (text: string) => Buffer.from(text, 'latin1').toString('hex').toUpperCase();
  expect(await rowsOf(origin, 'shape, hex(host) AS host, hex(service) AS service, hex(message) AS message')).toEqual([
    { shape: 'syslog', host: hex('stra\xdfe'), service: hex('caf\xe9'), message: hex('M\xfcnchen \x96 \u00a3') },
  ]);
});

test('a window takes its lines only', async () => {
  const origin = { ...originOf(1), window: { from: 1, until: 3 } };
  await insert(layoutOf('text'), origin, ['a\nb\nc\nd\n']);
  expect(await rowsOf(origin, 'message')).toEqual([{ message: 'b' }, { message: 'c' }]);
});

test('access logs travel in CloudWatch events too', async () => {
  const line = (path: string) => `2026-03-01\t10:00:00\t12\t${path}\t200\tcurl/8`;
  const columns = ['date', 'time', 'sc-bytes', 'cs-uri-stem', 'sc-status', 'cs(User-Agent)'];
  const event = (message: string, id: number) => ({ id: String(id), timestamp: 1_772_366_400_000 + id, message });
  const envelope = (messageType: string, ...messages: string[]) =>
    JSON.stringify({ messageType, logGroup: 'g', logStream: 's', logEvents: messages.map(event) });
  const format = findFormat('cloudfront-standard');
  const layout = detectLayout([line('/a')], { columns, ...(format ? { format } : {}) })?.layout;
  if (!layout) throw new Error('no layout');
  const origin = { ...originOf(1), distributions: [''] };
  const content = [
    envelope('CONTROL_MESSAGE', 'hello'),
    envelope('DATA_MESSAGE', `${line('/b')}\n`, line('/c')),
    'odd',
    '',
  ];
  await store.engine.insertFrom({ kind: 'lines', files: writeObjects([content.join('\n')]) }, (source) =>
    compileInsert(layout, { ...origin, opening: { steps: ['cloudwatch'] } }, source),
  );
  expect(await rowsOf(origin, 'path, bytes_sent, user_agent', 'requests')).toEqual([
    { path: '/b', bytes_sent: 12, user_agent: 'curl/8' },
    { path: '/c', bytes_sent: 12, user_agent: 'curl/8' },
  ]);
  expect(await rowsOf(origin, 'line_number, line', 'rejects')).toEqual([{ line_number: 2_000_001, line: 'odd' }]);
});

const word = fc.oneof(
  fc.constantFrom('{', '}', '"', '\\', '\t', ' ', '\r', '\0', '-', '[ERROR]', '\ufeff', 'é', 'START RequestId: x', '|'),
  fc.constantFrom(
    '2026-03-01T10:00:00.7Z',
    'Mar  1 10:00:00',
    '<34>',
    'REPORT RequestId: a\tDuration: 1 ms',
    'nan',
    '1e999',
  ),
  fc.string({ unit: 'binary', maxLength: 8 }),
);
const names = ['time', 'level', 'message', 'log', 'attributes', 'record', 'service', 'type', 'instant', 'odd'];
const value: fc.Arbitrary<unknown> = fc.oneof(word, fc.double(), fc.constantFrom(null, '', 1e30, -1), fc.jsonValue());
const json = fc
  .dictionary(fc.constantFrom(...names), fc.oneof(value, fc.dictionary(fc.constantFrom(...names), value)))
  .map((object) => JSON.stringify(object));
const envelope = fc
  .record(
    {
      messageType: fc.constantFrom('DATA_MESSAGE', 'CONTROL_MESSAGE', '', 5),
      logGroup: fc.constantFrom('/aws/lambda/f', 'g', 7),
      logEvents: fc.oneof(
        value,
        fc.array(fc.record({ id: value, timestamp: value, message: fc.oneof(word, json) }, { requiredKeys: [] })),
      ),
    },
    { requiredKeys: [] },
  )
  .map((object) => JSON.stringify(object));
const line = fc
  .oneof(
    fc.array(word, { maxLength: 6 }).map((words) => words.join('')),
    json,
    envelope,
  )
  .map((text) => Buffer.from(text.replaceAll('\n', ' ')));
const bytes = fc.uint8Array({ maxLength: 30 }).map((array) => Buffer.from(array.filter((byte) => byte !== 10)));
const lines = fc.array(fc.oneof({ weight: 5, arbitrary: line }, { weight: 1, arbitrary: bytes }), {
  minLength: 1,
  maxLength: 25,
});

test('any bytes: rows + rejects + comments = lines, and no line throws', async () => {
  const seen = { rows: 0, rejected: 0, comments: 0 };
  await fc.assert(
    fc.asyncProperty(
      lines,
      fc.constantFrom(...logFormats),
      fc.boolean(),
      fc.boolean(),
      async (parts, format, onlyJson, wrapped) => {
        const origin: LogOrigin = { ...originOf(1), ...(wrapped ? { opening: { steps: ['cloudwatch'] } } : {}) };
        await insert({ format, onlyJson }, origin, [Buffer.concat(parts.flatMap((part) => [part, Buffer.from('\n')]))]);
        const books = await booksOf(origin);
        if (!books) throw new Error('no books');
        expect(books.rows + books.comments + books.rejected).toBe(books.lines);
        expect(books.kept).toBe(books.rejected);
        // An envelope counts as many lines as it has events.
        if (wrapped) expect(books.lines).toBeGreaterThanOrEqual(parts.length);
        else expect(books.lines).toBe(parts.length);
        for (const name of ['rows', 'rejected', 'comments'] as const) seen[name] += books[name];
      },
    ),
    { numRuns: Number(process.env.FC_RUNS ?? 30) },
  );
  for (const count of Object.values(seen)) expect(count).toBeGreaterThan(0);
});

test('any lines: detection answers or does not, and never throws', () => {
  fc.assert(
    fc.property(fc.array(fc.oneof(line, bytes).map(String), { maxLength: 12 }), (texts) => {
      const detection = detectLogLayout(texts);
      if (!detection) return;
      expect(detection.confidence).toBeGreaterThan(0);
      expect(detection.confidence).toBeLessThanOrEqual(1);
    }),
    { numRuns: 1000 },
  );
});
