import { writeFile } from 'node:fs/promises';
import { join } from 'node:path';
import { afterAll, beforeAll, expect, test } from 'vitest';
import type { Store } from '../store/open-store.ts';
import { ingestFiles } from './ingest-files.ts';
import { ScratchStore } from './test-doubles/scratch-store.ts';

let scratch: ScratchStore;
let store: Store;

beforeAll(async () => {
  scratch = await ScratchStore.open();
  ({ store } = scratch);
});

afterAll(() => scratch?.close());

const combined = '203.0.113.9 - - [01/Mar/2026:10:00:00 +0000] "GET /a?b HTTP/1.1" 200 17 "-" "curl/8.0"';
const json = JSON.stringify({
  time_iso8601: '2026-03-01T10:00:00Z',
  remote_addr: '203.0.113.9',
  request: 'GET /a?b HTTP/1.1',
  status: 200,
  http_user_agent: 'curl/8.0',
});
const application = '2026-03-01T10:00:01Z ERROR it broke';

/** Envelopes of a line, as documented by their writers; names and addresses are invented. */
const envelopes: Readonly<Record<string, (line: string) => object>> = {
  docker: (log) => ({ log: `${log}\n`, stream: 'stdout', time: '2026-03-02T00:00:00Z' }),
  'fluent-bit': (log) => ({ date: 1772409600.5, log }),
  filebeat: (message) => ({
    '@timestamp': '2026-03-02T00:00:00Z',
    '@metadata': { beat: 'filebeat' },
    log: { file: { path: '/var/log/nginx/access.log' }, offset: 1 },
    message,
    agent: { type: 'filebeat' },
  }),
  vector: (message) => ({
    file: '/var/log/a',
    host: 'web-1',
    message,
    source_type: 'file',
    timestamp: '2026-03-02T00:00:00Z',
  }),
  'cloudwatch-event': (message) => ({
    logStreamName: 's',
    timestamp: 1772409600000,
    message,
    ingestionTime: 1772409600001,
  }),
  journald: (text) => ({ __REALTIME_TIMESTAMP: '1772409600000000', PRIORITY: '3', _HOSTNAME: 'web-1', MESSAGE: text }),
};
/** May carry anything, so it is recognized only when the content is an access log. */
const message = (line: string) => ({ ts: 1772409600, level: 'info', msg: line });

test.each([
  ...Object.entries({ ...envelopes, message }).map(([name, wrap]) => [name, 'combined', combined, wrap] as const),
  ...Object.entries({ ...envelopes, message }).map(([name, wrap]) => [name, 'json-access', json, wrap] as const),
])('lines of an access log in %s are requests: %s', async (name, format, line, wrap) => {
  const file = `${name}-${format}.log`;
  await writeFile(join(scratch.root, file), `${JSON.stringify(wrap(line))}\n`.repeat(3));
  const { failed, rejected } = await ingestFiles(store, [join(scratch.root, file)]);
  expect([failed, rejected]).toEqual([[], 0]);
  expect(await requestsOf(file)).toEqual(
    Array.from({ length: 3 }, () => ({
      time: '2026-03-01 10:00:00.000',
      client_ip: '203.0.113.9',
      path: '/a',
      query: 'b',
      status: 200,
      user_agent: 'curl/8.0',
      source_format: format,
      opened: { docker: 'log', 'fluent-bit': 'log', journald: 'MESSAGE', message: 'msg' }[name] ?? 'message',
    })),
  );
});

test.each(Object.entries(envelopes))(
  'in %s, requests and messages of applications go where they belong',
  async (name, wrap) => {
    const file = `${name}-mixed.log`;
    const lines = [application, combined, '{"level":"warn","msg":"low stock"}'].map((line) =>
      JSON.stringify(wrap(line)),
    );
    await writeFile(join(scratch.root, file), `${lines.join('\n')}\n`);
    await ingestFiles(store, [join(scratch.root, file)]);
    expect(await requestsOf(file)).toMatchObject([{ path: '/a', status: 200 }]);
    const logs = await store.engine.rows({
      sql: 'SELECT message, level, time_from FROM logs WHERE filename = {file:String} ORDER BY message',
      params: { file },
    });
    expect(logs).toEqual([
      { message: expect.stringContaining('it broke'), level: 'ERROR', time_from: 'event' },
      { message: 'low stock', level: 'WARN', time_from: 'envelope' },
    ]);
  },
);

const prefixes: Readonly<Record<string, (line: string) => string>> = {
  cri: (line) => `2026-03-02T00:00:00.000000001Z stdout F ${line}`,
  compose: (line) => `web-1  | ${line}`,
  syslog: (line) => `<134>1 2026-03-02T00:00:00Z web-1 app 1 - - ${line}`,
  'byte-order-mark': (line) => `\uFEFF${line}`,
};

test.each([
  ...Object.entries(prefixes),
  ...Object.entries({ ...envelopes, message }).map(
    ([name, wrap]) => [name, (line: string) => JSON.stringify(wrap(line))] as const,
  ),
])('of a document in %s each event is a row, and its bytes are those of the line', async (name, wrap) => {
  const event = (id: number) => ({
    eventVersion: '1.08',
    eventTime: `2026-03-01T10:00:0${id}Z`,
    eventSource: 's3.amazonaws.com',
    eventName: 'GetObject',
    sourceIPAddress: '203.0.113.9',
    requestID: `${name}-${id}`,
  });
  const path = join(scratch.root, `${name}-document.log`);
  await writeFile(path, `${wrap(JSON.stringify({ Records: [event(0), event(1), event(2)] }))}\n`.repeat(2));
  expect(await ingestFiles(store, [path])).toMatchObject({ lines: 6, rows: 6, failed: [] });
});

function requestsOf(file: string) {
  return store.engine.rows({
    sql: `SELECT toString(time) AS time, client_ip, path, query, status, user_agent, source_format, extra['opened'] AS opened
          FROM requests WHERE filename = {file:String}`,
    params: { file },
  });
}
