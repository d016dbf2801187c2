import { afterAll, beforeAll, expect, test } from 'vitest';
import { LogStore, layoutOf, originOf } from './test-doubles/log-store.ts';

let logs: LogStore;

beforeAll(async () => {
  logs = await LogStore.open();
});

afterAll(() => logs?.close());

test('what an object says holds for its lines that do not say otherwise', async () => {
  const origin = originOf(2);
  const own = '{"time":"2026-03-05T00:00:00Z","msg":"own","service":"s","host":"h"}\n';
  await logs.insert(layoutOf('json-lines'), origin, ['{"msg":"a"}\n', `{"msg":"b"}\n${own}`]);
  expect(await logs.rowsOf(origin, 'message, service, host, group, stream, filename, toString(time) AS time')).toEqual([
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
  await logs.insert(layoutOf('text'), origin, ['hello\n']);
  expect(await logs.rowsOf(origin, "abs(dateDiff('second', time, now64(3))) < 600 AS recent")).toEqual([{ recent: 1 }]);
});

test('a row says whose time it has', async () => {
  const origin = originOf(1);
  const lines = ['{"ts":1772409600,"msg":"a"}', '{"ts":"soon","msg":"b"}', '2026-03-01T00:00:00Z c', 'd'];
  await logs.insert(layoutOf('json-lines'), origin, [`${lines.join('\n')}\n`]);
  const carried = { ...originOf(1), batch: origin.batch, opening: { steps: ['docker-json'] } };
  const wrapped = ['{"log":"e\\n","stream":"stdout","time":"2026-03-02T00:00:00Z"}', '{"log":"f","stream":"stdout"}'];
  await logs.insert(layoutOf('json-lines'), carried, [`${wrapped.join('\n')}\n`]);
  const envelope = {
    messageType: 'DATA_MESSAGE',
    logEvents: [{ id: '1', timestamp: 1_772_366_400_000, message: 'g' }],
  };
  await logs.insert(layoutOf('text'), { ...carried, opening: { steps: ['cloudwatch'] } }, [JSON.stringify(envelope)]);
  expect(await logs.rowsOf(origin, 'right(message, 1) AS message, time_from')).toEqual([
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
  await logs.insert(layoutOf('json-lines'), origin, [JSON.stringify(line)]);
  expect(await logs.rowsOf(origin, 'toString(time) AS time, level, message, request_id, attributes')).toEqual([
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
  await logs.insert(layoutOf('json-lines'), origin, [JSON.stringify(outer)]);
  expect(await logs.rowsOf(origin, 'toString(time) AS time, level, message, host, request_id, attributes')).toEqual([
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
  await logs.insert(layoutOf('json-lines'), origin, [lines.join('')]);
  const rows = await logs.rowsOf<{ message: string }>(
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
  await logs.insert(layoutOf('text'), origin, [line]);
  const hex = (text: string) => Buffer.from(text, 'latin1').toString('hex').toUpperCase();
  expect(
    await logs.rowsOf(origin, 'shape, hex(host) AS host, hex(service) AS service, hex(message) AS message'),
  ).toEqual([
    { shape: 'syslog', host: hex('stra\xdfe'), service: hex('caf\xe9'), message: hex('M\xfcnchen \x96 \u00a3') },
  ]);
});

test('a window takes its lines only', async () => {
  const origin = { ...originOf(1), window: { from: 1, until: 3 } };
  await logs.insert(layoutOf('text'), origin, ['a\nb\nc\nd\n']);
  expect(await logs.rowsOf(origin, 'message')).toEqual([{ message: 'b' }, { message: 'c' }]);
});
