import { mkdtempSync, rmSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { afterAll, beforeAll, describe, expect, test } from 'vitest';
import { openSink, type StoreSink } from '../../pipeline/open-sink.ts';
import { openStore, type Store } from '../../store/open-store.ts';
import { type ShippedTable, shippedTables } from '../destination.ts';
import { readRows } from '../read-rows.ts';
import { bulkReading } from './bulk-reading.ts';
import { allDocumentFields, documentFields } from './document-fields.ts';
import { type Naming, namings } from './field-naming.ts';
import { isPastIndex, type Rotation } from './index-name.ts';
import { nativeFields } from './native-fields.ts';

let directory: string;
let store: Store;
let sink: StoreSink;
let number = 0;

beforeAll(async () => {
  directory = mkdtempSync(join(tmpdir(), 'tailrace-bulk-'));
  store = await openStore({ directory: join(directory, 'store') });
  sink = openSink(store, { spoolDirectory: join(directory, 'spool') });
});

afterAll(async () => {
  await sink.close();
  await store.close();
  rmSync(directory, { recursive: true, force: true });
});

interface Created {
  readonly index: string;
  readonly id: string;
  readonly document: Record<string, unknown>;
  readonly text: string;
}

/** Stores contents as one batch. @returns its documents */
async function documentsOf(
  contents: readonly (string | Buffer)[],
  { origin = () => `object-${++number}`, rotation = 'day' as Rotation, fields = 'native' as Naming } = {},
): Promise<Record<ShippedTable, Created[]>> {
  await sink.store(
    contents.map((content) => ({
      origin: origin(),
      version: String(++number),
      content: { kind: 'lines' as const, chunks: [Buffer.from(content)] },
    })),
  );
  const [batch] = await store.engine.rows<Parameters<typeof readRows>[1]>({
    sql: `SELECT toString(id) AS batch, sum(rows - log_rows) AS requests, sum(log_rows) AS logs, sum(rejected) AS rejects,
            toString(min(first_time)) AS firstTime, toString(max(last_time)) AS lastTime, 0 AS closedAtMs
          FROM (SELECT *, batch AS id FROM ledger) GROUP BY id ORDER BY id DESC LIMIT 1`,
  });
  if (!batch) throw new Error('nothing was stored');
  const read = async (table: ShippedTable) => {
    const chunks: Uint8Array[] = [];
    const reading = bulkReading(table, { index: 'realtime', rotation, fields });
    for await (const chunk of readRows(store.engine, batch, reading, {}, new AbortController().signal))
      chunks.push(chunk);
    const lines = Buffer.concat(chunks).toString().split('\n');
    expect(lines.pop()).toBe('');
    const created = lines.flatMap((line, index) => {
      if (index % 2 === 1) return [];
      const { create, ...others } = JSON.parse(line);
      expect(others).toEqual({});
      const text = lines[index + 1] ?? '';
      return [{ index: create._index, id: create._id, document: JSON.parse(text), text }];
    });
    expect(created).toHaveLength(batch[table]);
    return created;
  };
  const [requests = [], logs = [], rejects = []] = await Promise.all(shippedTables.map(read));
  return { requests, logs, rejects };
}

const header =
  '#Version: 1.0\n#Fields: date time x-edge-location sc-bytes c-ip cs-method cs(Host) cs-uri-stem sc-status cs-uri-query x-edge-request-id\n';
const request = (time: string, path = '/a/b') =>
  `${time.replace('T', '\t')}\tFRA56-P4\t12\t192.0.2.7\tGET\td111111abcdef8.cloudfront.net\t${path}\t200\t-\tid${++number}\n`;

test('a document has the columns of its row, without those that are empty', async () => {
  const { requests } = await documentsOf([header + request('2026-11-10T06:01:53', '/caf%C3%A9')]);
  expect(requests).toHaveLength(1);
  const [{ index, id, document }] = requests as [Created];
  expect(index).toBe('realtime-2026-11-10');
  expect(id).toBe(`${document.batch}-r1-3`);
  expect(document).toMatchObject({
    time: '2026-11-10T06:01:53.000Z',
    client_ip: '192.0.2.7',
    path: '/café',
    status: 200,
    bytes_sent: 12,
    weight: 1,
    weighted_bytes: 12,
    is_bot: false,
    edge_location: 'FRA56-P4',
    edge_place: expect.stringMatching(/^50\.\d+,8\.\d+$/),
    batch: expect.stringMatching(/^\d{18}$/),
    extra: {},
  });
  for (const absent of ['query', 'country', 'duration', 'cookie']) expect(document).not.toHaveProperty(absent);
});

test.each<[Rotation, Record<string, string>]>([
  ['none', { '2016-02-25T13:00:00': 'realtime' }],
  ['hour', { '2016-02-25T13:59:59': 'realtime-2016-02-25-13' }],
  ['day', { '2016-02-25T23:59:59': 'realtime-2016-02-25', '2016-02-26T00:00:00': 'realtime-2016-02-26' }],
  [
    'week',
    {
      '2020-08-12T00:00:00': 'realtime-2020-w33',
      '2015-12-26T23:59:59': 'realtime-2015-w52',
      '2015-12-27T00:00:00': 'realtime-2016-w01',
      '2016-01-02T23:59:59': 'realtime-2016-w01',
      '2016-01-03T00:00:00': 'realtime-2016-w02',
      '2022-12-31T00:00:00': 'realtime-2022-w53',
    },
  ],
  ['month', { '2016-02-29T23:59:59': 'realtime-2016-02' }],
])('an index is named after the time of the event, in UTC (%s)', async (rotation, expected) => {
  const { requests } = await documentsOf(
    [
      header +
        Object.keys(expected)
          .map((time) => request(time))
          .join(''),
    ],
    {
      rotation,
    },
  );
  const names = requests.map(({ index, document }) => [String(document.time).slice(0, 19), index]);
  expect(Object.fromEntries(names)).toEqual(expected);
  const isPast = (name: string, time: string) => isPastIndex(name, 'realtime', rotation, new Date(`${time}Z`));
  const inOrder = Object.entries(expected).sort();
  for (const [at, [time, name]] of inOrder.entries()) {
    expect(isPast(name, time)).toBe(false);
    const [later, next] = inOrder[at + 1] ?? ['2038-01-01T00:00:00'];
    expect(isPast(name, later), `${name} ${later}`).toBe(rotation !== 'none' && next !== name);
  }
});

test('ids differ, also of rows that come from one line, and are the same each time', async () => {
  const event = (name: string) => ({
    eventVersion: '1.08',
    eventTime: '2026-11-10T06:01:53Z',
    eventSource: 's3.amazonaws.com',
    eventName: name,
    awsRegion: 'us-east-1',
    sourceIPAddress: '192.0.2.7',
    eventID: name,
  });
  const cloudTrail = JSON.stringify({ Records: [event('GetObject'), event('GetObject'), event('PutObject')] });
  const { logs } = await documentsOf([
    `${cloudTrail}\n`,
    '{"level":"info","message":"one"}\n{"level":"info","message":"one"}\n',
    '{"level":"info","message":"one"}\n',
  ]);
  expect(logs).toHaveLength(6);
  expect(new Set(logs.map(({ id }) => id)).size).toBe(6);
});

test('ids of rejects differ although deliveries of one origin have the same line numbers', async () => {
  const faulty = `${header}${request('2026-11-10T06:01:53')}not a line\n`;
  const { rejects, requests } = await documentsOf(
    [faulty, faulty, `${header}${request('2026-11-10T06:01:53')}nor this\n`],
    {
      origin: () => 'kinesis://s/shardId-0',
    },
  );
  expect(requests).toHaveLength(3);
  expect(rejects.map(({ document }) => document.line).sort()).toEqual(['nor this', 'not a line', 'not a line']);
  expect(new Set(rejects.map(({ id }) => id)).size).toBe(3);
  expect(rejects[0]?.document).toMatchObject({
    time: expect.stringMatching(/^\d{4}-\d\d-\d\dT[\d:]{8}Z$/),
    origin: 'kinesis://s/shardId-0',
  });
  expect(rejects[0]?.document).not.toHaveProperty('at');
});

test('any bytes make valid lines', async () => {
  const bytes = Buffer.concat([
    Buffer.from(`${header}${request('2026-11-10T06:01:53')}`),
    Buffer.from(Array.from({ length: 256 }, (_, byte) => byte).filter((byte) => byte !== 10)),
    Buffer.from('\n'),
  ]);
  const { rejects } = await documentsOf([bytes]);
  expect(rejects[0]?.document.line).toContain('"#$%');
  expect(rejects[0]?.document.line).toMatch(/~\x7f\ufffd$/);
});

test('a number that no cluster takes is left out', async () => {
  const ranges = '#Fields: date time c-ip cs-method cs(Host) cs-uri-stem sc-status sc-range-start sc-range-end\n';
  const asked = '2026-11-10\t06:01:53\t192.0.2.7\tGET\td111111abcdef8.cloudfront.net\t/a\t206\t';
  const { requests } = await documentsOf([
    `#Version: 1.0\n${ranges}${asked}9223372036854775807\t18446744073709551615\n`,
  ]);
  // As text, because a JavaScript number has 53 bits.
  expect(requests[0]?.text).toContain('"range_start":9223372036854775807,');
  expect(requests[0]?.document).not.toHaveProperty('range_end');
});

test('rows that were stored before they had an identity are told apart', async () => {
  const { requests } = await documentsOf([header + request('2026-11-10T06:01:53')]);
  const [{ document }] = requests as [Created];
  const batch = String(BigInt(String(document.batch)) + 1n);
  for (const path of ['/1', '/2']) {
    await store.engine.run({
      sql: `INSERT INTO requests (batch, time, path) SELECT {batch:UInt64}, '2026-01-01 00:00:00.500', {path:String}`,
      params: { batch, path },
    });
  }
  const old = { batch, requests: 2, logs: 0, rejects: 0, closedAtMs: 0 };
  const time = '2026-01-01 00:00:00.500';
  const chunks: Uint8Array[] = [];
  for await (const chunk of readRows(
    store.engine,
    { ...old, firstTime: time, lastTime: time },
    bulkReading('requests', { index: 'i', rotation: 'none', fields: 'native' }),
    {},
    new AbortController().signal,
  ))
    chunks.push(chunk);
  const lines = Buffer.concat(chunks).toString().split('\n');
  const ids = [lines[0], lines[2]].map((line) => JSON.parse(line ?? '').create._id);
  expect(new Set(ids).size).toBe(2);
  for (const id of ids) expect(id).toMatch(new RegExp(`^${batch}-r[0-9A-F]{32}$`));
});

describe('names', () => {
  const time = 1_772_334_007.25;
  const columns = [
    'timestamp',
    'c-ip',
    'sc-status',
    'cs-uri-stem',
    'time-taken',
    'ssl-protocol',
    'cs-protocol-version',
  ];
  const values = [time, '192.0.2.7', 404, '/a%20b', 0.003, 'TLSv1.3', 'HTTP/2.0'];
  const more = { 'c-country': 'DE', 'x-edge-result-type': 'Miss', 'cs-accept': 'text/html', 'c-port': 1234 };
  const line = () =>
    `${JSON.stringify({ ...Object.fromEntries(columns.map((name, at) => [name, values[at]])), ...more })}\n`;

  const columnOf: Record<string, string> = {
    ...{ edge_place: 'edge_location', weight: 'sampling_rate', weighted_bytes: 'bytes_sent' },
  };

  test.each(namings)('no column is without a field, and no field is within another (%s)', (naming) => {
    for (const table of shippedTables) {
      const fields = documentFields(table, { fields: naming, rotation: 'stream' });
      const names = fields.map(({ name }) => name);
      expect(new Set(names).size).toBe(names.length);
      expect(names.filter((name) => names.some((other) => other.startsWith(`${name}.`)))).toEqual([]);
      for (const { name } of nativeFields(table)) {
        const column = table === 'rejects' && name === 'time' ? 'at' : (columnOf[name] ?? name);
        const used = new RegExp(`\\b${column.replace(/_long$/, '')}\\b`);
        expect(
          fields.filter(({ sql }) => used.test(sql)),
          column,
        ).not.toEqual([]);
      }
    }
  });

  test.each(namings)('fields of one name are of one kind, so that tables share an index (%s)', (naming) => {
    for (const table of shippedTables) {
      for (const { name, kind } of documentFields(table, { fields: naming, rotation: 'stream' }))
        expect(allDocumentFields({ fields: naming, rotation: 'stream' }).get(name)?.kind, name).toBe(kind);
    }
  });

  test('those of the Elastic Common Schema, in its units', async () => {
    const { requests } = await documentsOf([line()], { fields: 'ecs' });
    expect(requests[0]?.document).toMatchObject({
      '@timestamp': '2026-03-01T03:00:07.250Z',
      'source.ip': '192.0.2.7',
      'client.ip': '192.0.2.7',
      'client.port': 1234,
      'http.response.status_code': 404,
      'http.version': '2.0',
      'url.path': '/a b',
      'event.duration': 3_000_000,
      'event.outcome': 'failure',
      'event.category': ['web'],
      'event.dataset': 'aws.cloudfront_logs',
      'cloud.provider': 'aws',
      'tls.version': '1.3',
      'tls.version_protocol': 'tls',
      'client.geo.country_iso_code': 'DE',
      'aws.cloudfront.edge_result_type': 'Miss',
      'tailrace.extra': { 'cs-accept': 'text/html' },
    });
  });

  test.each(namings)('a document of a data stream has the time that it asks for (%s)', async (fields) => {
    const { requests, rejects } = await documentsOf([`${line()}{"c-ip":1}\n`], { fields, rotation: 'stream' });
    expect(requests[0]).toMatchObject({ index: 'realtime', document: { '@timestamp': '2026-03-01T03:00:07.250Z' } });
    for (const { document } of rejects) expect(document).toHaveProperty(['@timestamp']);
  });

  test('those of the log itself, in its units', async () => {
    const { requests } = await documentsOf([line()], { fields: 'cloudfront' });
    expect(requests[0]?.document).toMatchObject({
      ...{ timestamp: time, 'c-ip': '192.0.2.7', 'c-port': 1234, 'sc-status': 404, 'cs-uri-stem': '/a b' },
      ...{ 'time-taken': 0.003, 'ssl-protocol': 'TLSv1.3', 'cs-protocol-version': 'HTTP/2.0', 'c-country': 'DE' },
      ...{ 'x-edge-result-type': 'Miss', 'cs-accept': 'text/html', extra: {} },
    });
  });
});
