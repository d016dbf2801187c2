import { basename } from 'node:path';
import { afterAll, beforeAll, expect, test } from 'vitest';
import { ingestFiles } from '../pipeline/ingest-files.ts';
import { ScratchStore } from '../pipeline/test-doubles/scratch-store.ts';

/** Promises of the formats' READMEs that none of their samples covers. Values are computed by hand. */
interface Promised {
  readonly lines: readonly string[];
  /** In order of time; the columns of the promise, those in maps as `map.key`. */
  readonly rows?: readonly Readonly<Record<string, unknown>>[];
  readonly rejected?: readonly (readonly [line: number, reason: string])[];
  readonly refused?: string;
}

const alb = (type: string, url: string) =>
  `${type} 2026-03-01T10:00:00.000000Z app/web/50dc6c495c0c9188 203.0.113.9:41000 10.0.0.1:80 0.001 0.002 0.003 101 101 5 6 "GET ${url} HTTP/1.1" "ua" - - arn:aws:elasticloadbalancing:us-east-2:123456789012:targetgroup/t/73e2d6bc24d8a067 "Root=1-58337262-36d228ad5d99923122bbe354"`;
const s3 = (operation: string, key: string, url: string) =>
  `79a59df900b949e5 bucket [06/Feb/2026:00:00:38 +0000] 192.0.2.3 - 3E57427F3EXAMPLE ${operation} ${key} "GET ${url} HTTP/1.1" 200 - 113 113 7 5 "-" "S3Console/0.4" -`;
const iis = '#Software: Microsoft Internet Information Services 10.0';
const record = (name: string, version = '1.08') =>
  `{"eventVersion":"${version}","eventTime":"2026-02-16T20:40:00Z","eventSource":"s3.amazonaws.com","eventName":"${name}"}`;
const records = (list: readonly string[]) => `{"Records":[${list.join(',')}]}`;
const firewall = (event: string) =>
  `{"firewall_name":"f","availability_zone":"us-east-1a","event_timestamp":"1772359200","event":{"timestamp":"2026-03-01T10:00:00.000000+0000","event_type":"alert",${event}}}`;

const promises: Readonly<Record<string, Promised>> = {
  'alb: the scheme is that of the URL, the kind of the connection is extra.type': {
    lines: [alb('ws', 'http://www.example.com:80/chat')],
    rows: [{ scheme: 'http', 'extra.type': 'ws', host: 'www.example.com', path: '/chat', duration: 0.006 }],
  },
  'elb: a TCP listener has no status, and bytes of -1 are 0': {
    lines: [
      '2015-05-13T23:39:43.945958Z lb 192.0.2.1:2817 10.0.0.1:80 0.001069 0.000028 0.000041 - - -1 -1 "- - - " "-" - -',
    ],
    rows: [{ status: 0, bytes_sent: 0, bytes_received: 0, method: '', path: '' }],
  },
  'nlb: milliseconds of the connection become seconds, those of the handshake stay': {
    lines: [
      'tls 2.0 2020-04-01T08:51:42 net/nlb/c6e77e28c25b2234 g3d4 203.0.113.154:51341 198.51.100.185:443 1500 48 98 246 - - - ECDHE-RSA-AES128-SHA tlsv12 - www.example.com h2 - "h2","http/1.1" 2020-04-01T08:51:20',
    ],
    rows: [
      {
        duration: 1.5,
        'extra.tls_handshake_time': '48',
        'extra.alpn_client_preference_list': 'h2,http/1.1',
        status: 0,
        host: 'www.example.com',
      },
    ],
  },
  's3-access: the key stays as it is, the path is decoded once, one COPY has two rows': {
    lines: [s3('REST.COPY.OBJECT_GET', 'a%2520b', '/bucket/a%20b'), s3('REST.COPY.OBJECT', 'a%2520b', '/bucket/a%20b')],
    rows: ['REST.COPY.OBJECT', 'REST.COPY.OBJECT_GET'].map((operation) => ({
      'extra.operation': operation,
      'extra.key': 'a%2520b',
      path: '/bucket/a b',
      request_id: '3E57427F3EXAMPLE',
      duration: 0.007,
      ttfb: 0.005,
    })),
  },
  'iis: a plus is a blank in a user agent, and a plus in path and query; the path is not decoded': {
    lines: [
      iis,
      '#Fields: date time c-ip cs-method cs-uri-stem cs-uri-query sc-status cs(User-Agent) time-taken',
      '2026-03-01 10:00:00 203.0.113.9 GET /a+b%20c x+y 200 Bot/1+(++http://example.com) 1687',
    ],
    rows: [{ user_agent: 'Bot/1 ( +http://example.com)', path: '/a+b%20c', query: 'x+y', duration: 1.687 }],
  },
  'iis: what is below a later #Fields line is read by it': {
    lines: [
      iis,
      '#Fields: date time c-ip cs-method sc-status cs-uri-stem',
      '2026-03-01 10:00:00 203.0.113.9 GET 200 /a',
      '#Fields: date time cs-method cs-uri-stem c-ip sc-status',
      '2026-03-01 10:00:01 PUT /b 203.0.113.10 404',
    ],
    rows: [
      { client_ip: '203.0.113.9', method: 'GET', status: 200, path: '/a' },
      { client_ip: '203.0.113.10', method: 'PUT', status: 404, path: '/b' },
    ],
  },
  'iis: two blanks count as one, and one that was not replaced makes a reject': {
    lines: [
      iis,
      '#Fields: date time c-ip cs-method cs-uri-stem sc-status',
      '2026-03-01  10:00:00 203.0.113.9 GET /a 200',
      '2026-03-01 10:00:01 203.0.113.9 GET /a b 200',
    ],
    rows: [{ path: '/a', status: 200 }],
    rejected: [[4, 'too many columns: more than 6']],
  },
  'iis: without a #Fields line nothing is read': {
    lines: [iis, '2026-03-01 10:00:00 203.0.113.9 GET /a 200'],
    refused: '--format text',
  },
  'w3c: only a number with a point is taken for seconds': {
    lines: [
      '#Software: Other',
      '#Fields: date time c-ip cs-method cs-uri-stem sc-status time-taken',
      '2026-03-01 10:00:00 203.0.113.9 GET /a 200 1687',
      '2026-03-01 10:00:01 203.0.113.9 GET /a 200 1.687',
    ],
    rows: [
      { duration: null, 'extra.time-taken': '1687' },
      { duration: 1.687, 'extra.time-taken': undefined },
    ],
  },
  'vpc-flow: the time is the end of the window, else its start; tags are decoded': {
    lines: [
      'version account-id log-status start end instance-tag',
      '11 123456789012 OK 1772359200 1772359260 a%20b',
      '11 123456789012 SKIPDATA 1772359320 - -',
    ],
    rows: [
      { time: '2026-03-01 10:01:00.000', level: 'INFO', 'attributes.instance-tag': 'a b' },
      { time: '2026-03-01 10:02:00.000', level: 'WARN' },
    ],
  },
  'alb-connection: a value behind the table has its place for a name, and microseconds are kept': {
    lines: [
      '2023-10-04T17:05:15.514108Z 203.0.113.1 36280 443 TLSv1.2 ECDHE-RSA-AES128-GCM-SHA256 4.036 - - - Success TID_3180a73013c8 x25519 app/web/1 10.0.0.9 new',
    ],
    rows: [
      {
        'attributes.field_16': 'new',
        'attributes.timestamp': '2023-10-04T17:05:15.514108Z',
        time: '2023-10-04 17:05:15.514',
        service: 'app/web/1',
      },
    ],
  },
  'cloudtrail: record 17 of line 3 is line 3000000017': {
    lines: [
      records([record('A')]),
      records([record('B')]),
      records(Array.from({ length: 17 }, (_, index) => record('C', index === 16 ? 'none' : '1.08'))),
    ],
    rejected: [[3_000_000_017, 'no valid eventVersion']],
  },
  'network-firewall: an alert of severity 1 or 2 is a warning': {
    lines: [1, 2, 3].map((severity) =>
      firewall(`"src_ip":"192.0.2.${severity}","alert":{"severity":${severity},"signature":"s"}`),
    ),
    rows: [
      { level: 'WARN', 'attributes.event.src_ip': '192.0.2.1' },
      { level: 'WARN', 'attributes.event.src_ip': '192.0.2.2' },
      { level: 'INFO', 'attributes.event.src_ip': '192.0.2.3' },
    ],
  },
  'combined: the three kinds may be mixed, and of two addresses the first is the virtual host': {
    lines: [
      '203.0.113.9 - - [01/Mar/2026:10:00:00 +0530] "GET /a HTTP/1.1" 200 5',
      '203.0.113.9 - - [01/Mar/2026:10:00:01 +0530] "GET /b HTTP/1.1" 200 - "-" "ua"',
      '192.0.2.1 203.0.113.9 id J Doe [01/Mar/2026:10:00:02 +0530] "GET /c%20d?e%20f HTTP/1.1" 200 5 "-" "ua"',
      '2026-03-01T10:00:03Z 203.0.113.9 - - [01/Mar/2026:10:00:03 +0530] "GET / HTTP/1.1" 200 5 "-" "ua"',
    ],
    rows: [
      { time: '2026-03-01 04:30:00.000', client_ip: '203.0.113.9', host: '', bytes_sent: 5 },
      { time: '2026-03-01 04:30:01.000', client_ip: '203.0.113.9', host: '', bytes_sent: 0, user_agent: 'ua' },
      {
        client_ip: '203.0.113.9',
        host: '192.0.2.1',
        'extra.ident': 'id',
        'extra.authuser': 'J Doe',
        path: '/c d',
        query: 'e%20f',
      },
    ],
    rejected: [[4, 'not a line of combined']],
  },
  'combined: values behind the size or the agent, with or without names, are extra': {
    lines: [
      '203.0.113.9 - - [01/Mar/2026:10:00:00 +0000] "GET /a HTTP/1.1" 200 5 "-" "ua" "198.51.100.7" rt=0.123 uct="0.001"',
      '203.0.113.9 - - [01/Mar/2026:10:00:01 +0000] "GET /b HTTP/1.1" 200 5 1234',
      '203.0.113.9 - - [01/Mar/2026:10:00:02 +0000]"GET /c HTTP/1.1" 200 5 c6af9ac6-7b61',
      '203.0.113.9 -  -  [01/Mar/2026:10:00:03.25 +0530] "GET /d HTTP/1.1" 200 5  "-" "ua" 12',
      '203.0.113.9 - - [01/Mar/2026:10:00:04 +0000] - 400 0 - -',
      '203.0.113.9 - - [01/Mar/2026:10:00:05 +0000] "GET /f HTTP/1.1" 200 200 5 "-" "ua"',
    ],
    rows: [
      { time: '2026-03-01 04:30:03.250', path: '/d', user_agent: 'ua', 'extra.field_11': '12' },
      {
        path: '/a',
        user_agent: 'ua',
        forwarded_for: '198.51.100.7',
        'extra.field_12': 'rt=0.123',
        'extra.field_13': 'uct="0.001"',
      },
      { path: '/b', bytes_sent: 5, user_agent: '', 'extra.field_11': '1234' },
      { path: '/c', bytes_sent: 5, 'extra.field_11': 'c6af9ac6-7b61' },
      { path: '', status: 400, user_agent: '', referer: '' },
    ],
    rejected: [[6, 'not a line of combined']],
  },
  'combined: messages of an application among the requests are logs': {
    lines: [
      '203.0.113.9 - - [01/Mar/2026:10:00:00 +0000] "GET /a HTTP/1.1" 200 5 "-" "ua" 80 0.123 [default-web-80] []',
      'W0301 10:00:01.123456       7 controller.go:1216] Service "default/web" does not have any active Endpoint.',
      '203.0.113.9 - - [01/Mar/2026:10:00:02 +0000] "GET /b HTTP/1.1" 200 5 "-" "ua" 80 0.123 [default-web-80] []',
    ],
    rows: [{ path: '/a' }, { path: '/b' }, { level: 'WARN', shape: 'klog' }],
  },
  'caddy: requests among messages are requests, whatever most lines are': {
    lines: [
      '{"level":"info","ts":1772359199.1,"logger":"admin","msg":"started"}',
      '{"level":"info","ts":1772359200.1,"logger":"http.log.access","msg":"handled request","request":{"client_ip":"203.0.113.9","proto":"HTTP/2.0","method":"GET","host":"a.example.com","uri":"/a?b"},"duration":0.5,"size":5,"status":200}',
      '{"level":"error","ts":1772359201.1,"logger":"http.log.error","msg":"refused","request":{"method":"GET","uri":"/a"},"status":502,"err_id":"x"}',
    ],
    rows: [
      { path: '/a', query: 'b', status: 200, duration: 0.5, client_ip: '203.0.113.9' },
      { message: 'started', logger: 'admin', level: 'INFO' },
      { message: 'refused', level: 'ERROR', 'attributes.err_id': 'x' },
    ],
  },
  'iis: the log of its FTP service holds no requests': {
    lines: [
      iis,
      '#Fields: date time c-ip cs-username s-ip s-port cs-method cs-uri-stem sc-status sc-win32-status sc-substatus x-session x-fullpath',
      '2026-03-01 12:00:00 203.0.113.9 - 10.0.0.1 21 ControlChannelOpened - - 0 0 b1b2-c3 -',
      '2026-03-01 12:00:02 203.0.113.9 bob 10.0.0.1 21 PASS *** 230 0 0 b1b2-c3 /',
    ],
    refused: 'store it as lines with --format text',
  },
  'json-lines: what is a level is told from how bad a finding is': {
    lines: [
      '{"time":"2026-03-01T10:00:00Z","msg":"a","severity":2}',
      '{"time":"2026-03-01T10:00:01Z","msg":"b","severity":"warning"}',
      '{"time":"2026-03-01T10:00:02Z","msg":"c","level":"ERROR+2"}',
      '{"time":"2026-03-01T10:00:03Z","type":"request","request":{"id":"r"},"msg":"of no load balancer"}',
    ],
    rows: [
      { level: '', 'attributes.severity': '2' },
      { level: 'WARN', message: 'b' },
      { level: 'ERROR', message: 'c' },
      { message: 'of no load balancer', 'attributes.type': 'request' },
    ],
  },
  'text: a time or a level after many words is part of the message': {
    lines: [
      `2026-03-01 10:00:00 ${'word '.repeat(40)}ERROR:  quoted by someone`,
      `2026-03-01 10:00:01 ${'word '.repeat(5)}ERROR:  of the database`,
      `INFO ${'word '.repeat(40)}[01/Mar/2020:10:00:00 +0000]`,
    ],
    rows: [
      { level: '', time_from: 'event' },
      { level: 'ERROR', time_from: 'event' },
      { level: 'INFO', time_from: 'arrival' },
    ],
  },
  'text: times and levels where databases, servers and libraries write them': {
    lines: [
      '2026-03-01 10:00:00 UTC:203.0.113.9(51234):app@shop:[1234]:ERROR:  relation "x" does not exist',
      '2026-03-01T10:00:01.123456Z 12 [Warning] [MY-010055] [Server] low',
      '[2026-03-01T10:00:02,123][WARN ][o.e.n.Node               ] [node-1] high',
      '01-Mar-2026 10:00:03.123 SEVERE [main] a.b c',
      '[01-Mar-2026 10:00:04] NOTICE: fpm is running, pid 1',
      'E, [2026-03-01T10:00:05.123456 #1234] ERROR -- app: failed',
      '[2026-03-01 10:00:06,123: WARNING/MainProcess] low',
      'ts=2026-03-01T10:00:07.123Z caller=main.go:12 level=info msg="x"',
      'type=SYSCALL msg=audit(1772359208.123:456): arch=c000003e',
      '1772359209.123    456 203.0.113.9 TCP_MISS/200 1234 GET http://www.example.com/ - HIER_DIRECT/192.0.2.1 text/html',
      '1:M 01 Mar 2026 10:00:10.123 * Ready',
      '203.0.113.9 [01/Mar/2026:10:00:11 +0000] TCP 200 512 34 0.123',
      '2026-03-01T10:00:12+00:00 heroku[router]: at=info',
      '2026-03-01T10:00:13Z INF started',
    ],
    rows: [
      { time: '2026-03-01 10:00:00.000', level: 'ERROR' },
      { time: '2026-03-01 10:00:01.123', level: 'WARN' },
      { time: '2026-03-01 10:00:02.123', level: 'WARN', logger: 'o.e.n.Node' },
      { time: '2026-03-01 10:00:03.123', level: 'ERROR' },
      { time: '2026-03-01 10:00:04.000', level: 'INFO' },
      { time: '2026-03-01 10:00:05.123', level: 'ERROR', logger: 'app' },
      { time: '2026-03-01 10:00:06.123', level: 'WARN' },
      { time: '2026-03-01 10:00:07.123', level: 'INFO' },
      { time: '2026-03-01 10:00:08.123', level: '' },
      { time: '2026-03-01 10:00:09.123', level: '' },
      { time: '2026-03-01 10:00:10.123' },
      { time: '2026-03-01 10:00:11.000' },
      { time: '2026-03-01 10:00:12.000', service: 'heroku', message: 'at=info' },
      { time: '2026-03-01 10:00:13.000', level: 'INFO' },
    ],
  },
  'cloudfront: what is no list of addresses is no forwarded_for': {
    lines: [
      '#Version: 1.0',
      '#Fields: date time c-ip cs-method cs-uri-stem sc-status x-forwarded-for',
      '2026-03-01\t10:00:00\t203.0.113.9\tGET\t/a\t200\t203.0.113.1,%20[2001:db8::1]:443,%20unknown',
      '2026-03-01\t10:00:01\t203.0.113.9\tGET\t/b\t200\tHit',
      '2026-03-01\t10:00:02\t203.0.113.9\tGET\t/c\t200\t-',
    ],
    rows: [
      { path: '/a', forwarded_for: '203.0.113.1, [2001:db8::1]:443, unknown', 'extra.x-forwarded-for': undefined },
      { path: '/b', forwarded_for: '', 'extra.x-forwarded-for': 'Hit' },
      { path: '/c', forwarded_for: '', 'extra.x-forwarded-for': undefined },
    ],
  },
  'json-lines: of two equal keys the first is the column; an integer above 64 bits makes text': {
    lines: [
      '{"time":"2026-03-01T10:00:00Z","msg":"one","msg":"two"}',
      '{"time":"2026-03-01T10:00:01Z","n":18446744073709551617,"msg":"two"}',
    ],
    rows: [
      { message: 'one', 'attributes.msg': 'two' },
      { message: '{"time":"2026-03-01T10:00:01Z","n":18446744073709551617,"msg":"two"}' },
    ],
  },
  'lambda: Python does not pad milliseconds': {
    lines: [
      '[WARNING]\t2026-03-01T10:00:05.7Z\t79104eff-8b33-4b2c-a5f4-1b2c3d4e5f60\tlow',
      'START RequestId: 79104eff-8b33-4b2c-a5f4-1b2c3d4e5f60 Version: $LATEST',
    ],
    rows: [
      {
        time: '2026-03-01 10:00:05.007',
        level: 'WARN',
        message: 'low',
        request_id: '79104eff-8b33-4b2c-a5f4-1b2c3d4e5f60',
      },
      { request_id: '79104eff-8b33-4b2c-a5f4-1b2c3d4e5f60' },
    ],
  },
  'log4j: an instant has nanoseconds': {
    lines: [
      '{"instant":{"epochSecond":1772359200,"nanoOfSecond":123456789},"thread":"main","level":"INFO","loggerName":"a.B","message":"m"}',
    ],
    rows: [{ time: '2026-03-01 10:00:00.123', logger: 'a.B', message: 'm' }],
  },
};

let scratch: ScratchStore;

beforeAll(async () => {
  scratch = await ScratchStore.open();
});

afterAll(() => scratch?.close());

test.each(Object.entries(promises))('%s', async (name, { lines, rows, rejected = [], refused }) => {
  const path = scratch.file(`${name.replaceAll(/\W/g, '-')}.log`, `${lines.join('\n')}\n`);
  const { failed } = await ingestFiles(scratch.store, [path]);
  expect(failed.map(({ problem }) => problem)).toEqual(refused ? [expect.stringContaining(refused)] : []);
  if (rows) expect(await rowsOf(basename(path), rows)).toEqual(rows);
  const rejects = await scratch.store.engine.rows<{ line: number; reason: string }>({
    sql: 'SELECT line_number AS line, reason FROM rejects WHERE origin = {path:String} ORDER BY line',
    params: { path },
  });
  expect(rejects.map(({ line, reason }) => [line, reason])).toEqual(rejected);
});

/** The columns of the rows that a promise names. */
async function rowsOf(filename: string, named: readonly Readonly<Record<string, unknown>>[]) {
  const of = async (table: string, map: string) => {
    const rows = await scratch.store.engine.rows<Record<string, unknown>>({
      sql: `SELECT * FROM ${table} WHERE filename = {filename:String} ORDER BY time, ${map === 'extra' ? "extra['operation']" : `attributes['event.src_ip']`}`,
      params: { filename },
    });
    return rows.map((row) => ({
      ...row,
      ...Object.fromEntries(Object.entries(row[map] as object).map(([key, value]) => [`${map}.${key}`, value])),
    }));
  };
  const rows: Record<string, unknown>[] = [...(await of('requests', 'extra')), ...(await of('logs', 'attributes'))];
  return rows.map((row, index) =>
    Object.fromEntries(Object.keys(named[index] ?? row).map((column) => [column, row[column]])),
  );
}
