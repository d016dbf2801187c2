import { mkdtemp, rm, writeFile } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { afterAll, beforeAll, expect, test } from 'vitest';
import { copyPreparedStore } from '../../../../test/prepared-store.ts';
import { ingestFiles } from '../../../pipeline/ingest-files.ts';
import { openStore, type Store } from '../../../store/open-store.ts';
import { readJsonLogs } from './read-logs.ts';

let store: Store;
let directory: string;

beforeAll(async () => {
  directory = await mkdtemp(join(tmpdir(), 'tailrace-otlp-'));
  store = await openStore({ directory: copyPreparedStore(join(directory, 'store')) });
});

afterAll(async () => {
  await store?.close();
  await rm(directory, { recursive: true, force: true });
});

const attribute = (key: string, value: object) => ({ key, value });
const attributes = [
  attribute('text', { stringValue: 'a "b"\n\\ é' }),
  attribute('whole', { intValue: '12' }),
  attribute('number', { intValue: 7 }),
  attribute('part', { doubleValue: 0.5 }),
  attribute('yes', { boolValue: true }),
  attribute('list', { arrayValue: { values: [{ stringValue: 'x' }, { intValue: '3' }] } }),
  attribute('map', { kvlistValue: { values: [attribute('a', { arrayValue: { values: [{ boolValue: false }] } })] } }),
  attribute('none', {}),
];
const time = '1771274400123456789';
const records = [
  { timeUnixNano: time, severityNumber: 9, body: { stringValue: 'plain' }, attributes },
  { timeUnixNano: '0', observedTimeUnixNano: time, severityText: 'Warning', body: { stringValue: 'observed' } },
  { timeUnixNano: Number(time), severityText: 'INFO2', severityNumber: 17, body: { stringValue: 'text wins' } },
  { timeUnixNano: time, severityText: 'odd', severityNumber: 17, body: { stringValue: 'number wins' } },
  { timeUnixNano: time, body: { kvlistValue: { values: attributes } }, traceId: 'ABCDEF', spanId: '0000' },
  { timeUnixNano: time, body: { stringValue: '{"msg":"JSON","level":"error"}' }, eventName: 'e' },
  { timeUnixNano: time, body: { stringValue: '2026-03-01T10:00:00Z ERROR a line' }, attributes: [] },
];
const resource = {
  attributes: [
    attribute('service.name', { stringValue: 's' }),
    attribute('host.name', { stringValue: 'h' }),
    attribute('region', { stringValue: 'r' }),
  ],
};
const requests = [
  {
    resourceLogs: [
      {
        resource,
        scopeLogs: [{ scope: { name: 'sc', attributes: [attribute('v', { intValue: 1 })] }, logRecords: records }],
      },
    ],
  },
  { resourceLogs: [] },
  {
    resourceLogs: [
      { scopeLogs: [{ logRecords: records.slice(0, 2) }, { logRecords: records.slice(2, 4) }] },
      { resource, scopeLogs: [] },
    ],
  },
];

test('requests in a file give the rows that the intake makes of them', async () => {
  const [file, lines] = [join(directory, 'requests.json'), join(directory, 'lines.json')];
  await writeFile(file, requests.map((request) => `${JSON.stringify(request)}\n`).join(''));
  const taken = await Promise.all(requests.map((request) => readJsonLogs(Buffer.from(JSON.stringify(request)))));
  await writeFile(lines, Buffer.concat(taken.flatMap((one) => one.lines.chunks())));
  const result = await ingestFiles(store, [file, lines]);
  expect(result).toMatchObject({ failed: [], rejected: 0, comments: 1, rows: 22 });
  expect(await rowsOf('requests.json')).toEqual(await rowsOf('lines.json'));
});

function rowsOf(filename: string) {
  return store.engine.rows({
    sql: `SELECT * EXCEPT (batch, object, line_number, filename, attributes), mapSort(attributes) AS attributes
          FROM logs WHERE filename = {filename:String} ORDER BY time, message, service`,
    params: { filename },
  });
}
