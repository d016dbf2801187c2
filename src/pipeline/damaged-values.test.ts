import { afterAll, beforeAll, expect, test } from 'vitest';
import type { LayoutHints } from '../layouts/detect-layout.ts';
import { ingestFiles } from './ingest-files.ts';
import { ScratchStore } from './test-doubles/scratch-store.ts';

let scratch: ScratchStore;
let files = 0;

beforeAll(async () => {
  scratch = await ScratchStore.open();
});

afterAll(() => scratch?.close());

async function ingest(lines: readonly string[], hints: LayoutHints = {}) {
  const path = scratch.file(`${files++}.log`, `${lines.join('\n')}\n`);
  const { failed, rows, rejected } = await ingestFiles(scratch.store, [path], { hints });
  return { path, failed, rows, rejected };
}

function stored<T>(path: string, columns: string, table: 'requests' | 'logs' = 'requests') {
  return scratch.store.engine.rows<T>({
    sql: `SELECT ${columns} FROM ${table} WHERE endsWith({path:String}, concat('/', filename)) ORDER BY ALL`,
    params: { path },
  });
}

const cri = (line: string) => `2026-03-01T10:00:00.000000001Z stdout F ${line}`;
const compose = (line: string) => `web-1  | ${line}`;
const syslog = (line: string) => `<134>1 2026-03-01T10:00:09.000Z web-1 nginx 1 - - ${line}`;
const request = (host: string) => `${host} - - [01/Mar/2026:12:00:00 +0000] "GET /b HTTP/1.1" 200 5 "-" "curl/8.0"`;
const record = (id: string) =>
  `1772359200.${id.slice(6, 9)}\t203.0.113.9\t200\tGET\twww.example.com\t/a\tFRA56-P4\t${id}\tcurl\t-\tHit\tDE`;
const recordColumns =
  'timestamp c-ip sc-status cs-method cs-host cs-uri-stem x-edge-location x-edge-request-id cs-user-agent cs-referer x-edge-result-type c-country'.split(
    ' ',
  );
const trail = (id: string) =>
  `{"eventVersion":"1.08","eventTime":"2026-02-16T20:40:00Z","eventSource":"s3.amazonaws.com","eventName":"GetObject","sourceIPAddress":"203.0.113.9","requestID":"${id}"}`;

test('records of a CloudTrail document within a transport are stored, and the bytes are those of the file', async () => {
  const { path, ...got } = await ingest([cri(`{"Records":[${trail('a')},${trail('b')}]}`)]);
  expect(got).toEqual({ failed: [], rows: 2, rejected: 0 });
  expect(await stored(path, 'request_id', 'logs')).toEqual([{ request_id: 'a' }, { request_id: 'b' }]);
});

test.each([
  ['a transport that is certain', [cri(request('203.0.113.9')), cri('{"level":"warn","msg":"low"}')].map(compose)],
  ['another that looks like text', [`2026-03-01T10:00:00.000Z ${request('203.0.113.9')}`].map(syslog)],
])('a transport around %s is found', async (_, lines) => {
  const { path, failed } = await ingest(lines);
  expect(failed).toEqual([]);
  expect(await stored(path, 'toString(client_ip) AS client_ip, path')).toEqual([
    { client_ip: '203.0.113.9', path: '/b' },
  ]);
});

test('of two transports the inner one is nearer to the event', async () => {
  const { path } = await ingest([syslog('2026-03-01T10:00:05.000000001Z stdout F ERROR of an application')]);
  expect(await stored(path, 'toString(time) AS time, time_from, level', 'logs')).toEqual([
    { time: '2026-03-01 10:00:05.000', time_from: 'envelope', level: 'ERROR' },
  ]);
});

test('a byte order mark within a transport is no part of the first value', async () => {
  const { path } = await ingest(['\uFEFF', ''].map((mark) => cri(mark + request('203.0.113.9'))));
  expect(await stored(path, 'DISTINCT toString(client_ip) AS client_ip')).toEqual([{ client_ip: '203.0.113.9' }]);
});

test('columns that the user names are found within a transport', async () => {
  const lines = ['made-0001-aaaaaaaaaaaa==', 'made-0002-aaaaaaaaaaaa=='].map(record).map(compose);
  const { rejected, rows } = await ingest(lines, { columns: recordColumns });
  expect({ rows, rejected }).toEqual({ rows: 2, rejected: 0 });
});

test('what is below a later header within a transport is read by it', async () => {
  const { path } = await ingest(
    [
      '#Fields: date time cs-uri-stem sc-status sc-bytes cs-bytes',
      '2026-03-01\t10:00:00\t/one\t200\t11\t1',
      '#Fields: date time cs-uri-stem sc-status cs-bytes sc-bytes',
      '2026-03-01\t10:00:01\t/two\t200\t2\t22',
    ].map(cri),
  );
  expect(await stored(path, 'path, toUInt32(bytes_sent) AS sent, toUInt32(bytes_received) AS received')).toEqual([
    { path: '/one', sent: 11, received: 1 },
    { path: '/two', sent: 22, received: 2 },
  ]);
});

test('a list of addresses has no control characters', async () => {
  const lines = ['192.0.2.105, 203.0.113.54', '192\x010.0.2.105, 203.0.113.54'].map(request);
  const { rows, rejected } = await ingest(lines);
  expect({ rows, rejected }).toEqual({ rows: 1, rejected: 1 });
});

test('a value missing in syslog does not move the others', async () => {
  const lines = [
    '<165>1 2026-03-01T10:00:00Z mymachine evntslog - ID47 - fine',
    '<165>1 mymachine evntslog - ID47 - [e@1 k="v"] without its time',
  ];
  const { path } = await ingest(lines);
  expect(await stored(path, 'host, service', 'logs')).toEqual([
    { host: '', service: '' },
    { host: 'mymachine', service: 'evntslog' },
  ]);
});

test('an id of a Lambda request has no control characters', async () => {
  const id = '79104eff-8b33-4b2c-a5f4-1b2c3d4e5f60';
  const { path } = await ingest([id, id.replace('-', '\0')].map((one) => `START RequestId: ${one} Version: 1`));
  expect(await stored(path, 'request_id', 'logs')).toEqual([{ request_id: '' }, { request_id: id }]);
});

test('the end of an ALB connection is held to its columns', async () => {
  const sound =
    '2026-03-01T10:00:00.514108Z 203.0.113.9 36280 443 TLSv1.3 TLS_AES_128_GCM_SHA256 0.004 - - - Success TID_01 X25519MLKEM768 app/my-lb/50dc6c495c0c9188 10.0.0.7';
  const { rows, rejected } = await ingest([sound, sound.replace(' TID_01 ', ' TID_01 TID_01 ')]);
  expect({ rows, rejected }).toEqual({ rows: 1, rejected: 1 });
});

test("the ids and hosts of Envoy's requests have no control characters", async () => {
  const sound = (path: string) =>
    `[2026-04-15T20:17:01.310Z] "GET ${path} HTTP/1.1" 200 - 0 2 1 0 "-" "curl/8.0" "8c3ac5d6-1b8e-4d0a-b1ec-aa0000000001" "shop.example.com" "127.0.0.1:8080"`;
  const whole = Array.from({ length: 8 }, () => sound('/a'));
  const damaged = [sound('/b').replace('4d0a', '4\x010a'), sound('/c').replace('shop', 'sh\x01op')];
  const { path, rejected } = await ingest([...whole, ...damaged]);
  expect({ rejected, paths: await stored(path, 'DISTINCT path') }).toEqual({ rejected: 2, paths: [{ path: '/a' }] });
});
