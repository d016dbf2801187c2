import { afterAll, beforeAll, expect, test } from 'vitest';
import { ingestFiles } from './ingest-files.ts';
import { ScratchStore } from './test-doubles/scratch-store.ts';

let scratch: ScratchStore;
let files = 0;

beforeAll(async () => {
  scratch = await ScratchStore.open();
});

afterAll(() => scratch?.close());

async function ingest(lines: readonly string[]) {
  const path = scratch.file(`${files++}.log`, `${lines.join('\n')}\n`);
  const { failed, rows, rejected } = await ingestFiles(scratch.store, [path]);
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
const request = (host: string) => `${host} - - [01/Mar/2026:12:00:00 +0000] "GET /b HTTP/1.1" 200 5 "-" "curl/8.0"`;
const trail = (id: string) =>
  `{"eventVersion":"1.08","eventTime":"2026-02-16T20:40:00Z","eventSource":"s3.amazonaws.com","eventName":"GetObject","sourceIPAddress":"203.0.113.9","requestID":"${id}"}`;

test('records of a CloudTrail document within a transport are stored, and the bytes are those of the file', async () => {
  const { path, ...got } = await ingest([cri(`{"Records":[${trail('a')},${trail('b')}]}`)]);
  expect(got).toEqual({ failed: [], rows: 2, rejected: 0 });
  expect(await stored(path, 'request_id', 'logs')).toEqual([{ request_id: 'a' }, { request_id: 'b' }]);
});

test('a transport around one that is certain is found', async () => {
  const lines = [cri(request('203.0.113.9')), cri('{"level":"warn","msg":"low"}')].map(compose);
  const { path, failed } = await ingest(lines);
  expect(failed).toEqual([]);
  expect(await stored(path, 'toString(client_ip) AS client_ip, path')).toEqual([
    { client_ip: '203.0.113.9', path: '/b' },
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
