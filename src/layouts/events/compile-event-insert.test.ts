import { mkdtemp, rm, writeFile } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { afterAll, beforeAll, expect, test } from 'vitest';
import { copyPreparedStore } from '../../../test/prepared-store.ts';
import { openStore, type Store } from '../../store/open-store.ts';
import { detectLayout } from '../detect-layout.ts';
import { sampleEvents } from '../logs/cloudwatch-events.ts';
import { compileEventInsert } from './compile-event-insert.ts';

let store: Store;
let directory: string;

beforeAll(async () => {
  directory = await mkdtemp(join(tmpdir(), 'tailrace-events-'));
  store = await openStore({ directory: copyPreparedStore(join(directory, 'store')) });
});

afterAll(async () => {
  await store?.close();
  await rm(directory, { recursive: true, force: true });
});

const flow = '2 123456789012 eni-0a1b2c3d 203.0.113.12 10.0.1.5 49761 3389 6 20 4249 1767225600 1767225660 REJECT OK';
const envelope = JSON.stringify({
  messageType: 'DATA_MESSAGE',
  owner: '123456789012',
  logGroup: '/aws/vpc/flowlogs',
  logStream: 'eni-0a1b2c3d-all',
  logEvents: [
    { id: '370', timestamp: 1767225600000, message: flow },
    { id: '371', timestamp: 1767225600000, message: 'something else' },
  ],
});

test('an event in an envelope keeps what the envelope says of it, and the rest of its object what the object says', async () => {
  const detection = detectLayout(sampleEvents([envelope]));
  expect(detection?.layout.format.name).toBe('vpc-flow');
  const path = join(directory, 'envelope');
  await writeFile(path, `${envelope}\n`);
  const origin = {
    batch: '1',
    origins: [path],
    filenames: ['envelope'],
    groups: ['group of the object'],
    streams: ['stream of the object'],
    services: ['service of the object'],
    hosts: ['host of the object'],
    arrivedAtMs: [0],
    opening: { steps: ['cloudwatch'] },
  };
  await store.engine.insertFrom({ kind: 'lines', files: [{ path, gzip: false }] }, (source) =>
    compileEventInsert(detection?.layout as NonNullable<typeof detection>['layout'], origin, source),
  );
  expect(
    await store.engine.rows({
      sql: 'SELECT toString(time) AS time, service, host, `group`, stream, event_id, message FROM logs WHERE batch = 1',
    }),
  ).toEqual([
    {
      time: '2026-01-01 00:01:00.000',
      service: 'eni-0a1b2c3d',
      host: 'eni-0a1b2c3d',
      group: '/aws/vpc/flowlogs',
      stream: 'eni-0a1b2c3d-all',
      event_id: '370',
      message: 'REJECT TCP 203.0.113.12:49761 -> 10.0.1.5:3389, 20 packets, 4249 bytes',
    },
  ]);
  expect(await store.engine.rows({ sql: 'SELECT reason, line FROM rejects WHERE batch = 1' })).toEqual([
    { reason: 'too few columns: less than 14', line: 'something else' },
  ]);
});
