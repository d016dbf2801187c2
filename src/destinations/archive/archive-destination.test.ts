import { createServer, type IncomingHttpHeaders } from 'node:http';
import type { AddressInfo } from 'node:net';
import { join } from 'node:path';
import { afterAll, beforeAll, expect, onTestFinished, test } from 'vitest';
import { readShippedNames, readShippedRows } from '../../../test/shipped-rows.ts';
import { header, ScratchStore } from '../../pipeline/test-doubles/scratch-store.ts';
import { setTestCredentials } from '../../sources/test-doubles/local-stream.ts';
import { Destinations } from '../run-destinations.ts';
import { undivided } from '../test-doubles/undivided.ts';
import { type ArchiveOptions, createArchiveDestination } from './archive-destination.ts';
import { type Prefix, parsePrefix } from './prefix.ts';

const { signal } = new AbortController();
const line = (day: number, hour: string, host: string, id: string, path = '/') =>
  `2026-03-0${day}\t${hour}:10:00\tFRA56-P4\t100\t203.0.113.7\tGET\t${host}\t${path}\t200\t${id}\n`;
let scratch: ScratchStore;

beforeAll(async () => {
  scratch = await ScratchStore.open();
});
afterAll(() => scratch?.close());

/** Stores a batch of requests, and nothing else is delivered. @returns the folder with what was delivered */
async function deliver(prefix: string, lines: readonly string[]): Promise<string> {
  const folder = scratch.folder();
  const origin = `s3://logs/${folder}`;
  const pipeline = folder.slice(folder.lastIndexOf('/') + 1);
  const to = { type: 'folder' as const, path: folder };
  const options: ArchiveOptions = {
    ...{
      to,
      format: 'ndjson',
      prefix: parsePrefix(prefix) as Prefix,
      compression: 'gzip',
      tables: ['requests'],
      spoolDirectory: folder,
    },
  };
  const destinations = new Destinations(
    { engine: scratch.store.engine, spoolDirectory: join(scratch.root, pipeline) },
    [
      {
        name: pipeline,
        type: 'archive',
        from: 'now',
        pipelines: undefined,
        mask: {},
        create: () => createArchiveDestination(options),
      },
    ],
  );
  await expect.poll(() => destinations.status()[0]?.state).toBe('running');
  const content = { kind: 'lines' as const, chunks: [Buffer.from(header + lines.join(''))] };
  await scratch.openSink().store([{ origin, version: '1', content }]);
  await expect.poll(() => destinations.status()[0]?.counts.batches).toBe(1);
  await destinations.stop();
  return folder;
}

const ids = (folder: string) => readShippedRows(folder).map(({ request_id }) => request_id);
/** Without the batch. */
const foldersOf = (folder: string) =>
  readShippedNames(folder)
    .map((name) => name.replace(/\d{10,}/, 'BATCH'))
    .sort();

test('rows lie under the hour and the values that they have', async () => {
  const folder = await deliver('{table}/{host}/{yyyy}/{MM}/{dd}/{HH}/edge-', [
    ...[line(1, '09', 'a.example', 'one'), line(1, '09', 'b.example', 'two')],
    ...[line(1, '10', 'a.example', 'three'), line(2, '09', 'a.example', 'four')],
  ]);
  expect(foldersOf(folder)).toEqual([
    'requests/a.example/2026/03/01/09/edge-BATCH.requests.ndjson.gz',
    'requests/a.example/2026/03/01/10/edge-BATCH.requests.ndjson.gz',
    'requests/a.example/2026/03/02/09/edge-BATCH.requests.ndjson.gz',
    'requests/b.example/2026/03/01/09/edge-BATCH.requests.ndjson.gz',
  ]);
  const nine = readShippedRows(join(folder, 'requests/a.example/2026/03/01/09'));
  expect(nine).toEqual([expect.objectContaining({ request_id: 'one', host: 'a.example' })]);
  expect(ids(folder).sort()).toEqual(['four', 'one', 'three', 'two']);
});

test('a value that a viewer wrote stays a part of a name', async () => {
  const paths = [
    '/..',
    '/../../etc',
    '/.partial',
    '/a%20b',
    '/'.padEnd(300, 'x'),
    '/other',
    '/a/b',
    '/%C3%BC',
    "/a'b",
    '/a%00b',
  ];
  const folder = await deliver(
    '{path}/{referer}/',
    paths.map((path, index) => line(1, '09', 'a.example', `id-${index}`, path)),
  );
  const names = foldersOf(folder);
  expect(names.filter((name) => !/^_[\w.-]{0,63}\/none\/BATCH\.requests\.ndjson\.gz$/.test(name))).toEqual([]);
  expect(names).toContain(`_${'x'.repeat(63)}/none/BATCH.requests.ndjson.gz`);
  expect(names).toContain('_.._.._etc/none/BATCH.requests.ndjson.gz');
  expect(ids(folder).sort()).toEqual(paths.map((_, index) => `id-${index}`).sort());
});

test('of more values than a batch may have, the rarest lie together', async () => {
  const common = Array.from({ length: 499 }, (_, index) => [`h${index}.example`, `h${index}.example`]).flat();
  const rare = Array.from({ length: 50 }, (_, index) => `rare${index}.example`);
  const hosts = [...rare, ...common, 'other', 'other', 'other'];
  const folder = await deliver(
    '{host}/{dd}/',
    hosts.map((host, index) => line(1 + (index % 2), '09', host, `id-${index}`)),
  );
  const names = foldersOf(folder);
  expect(names).toContain('other/01/BATCH.requests.ndjson.gz');
  expect(names).toContain('other/01/BATCH-other.requests.ndjson.gz');
  expect(names).toContain('other/02/BATCH-other.requests.ndjson.gz');
  expect(names).toHaveLength(502);
  expect(ids(folder).sort()).toEqual(hosts.map((_, index) => `id-${index}`).sort());
});

test('an object has the class and the key that are configured, also from a slow bucket, which answers what is missing', async () => {
  setTestCredentials();
  const seen: { readonly name: string; readonly headers: IncomingHttpHeaders }[] = [];
  let refusal = '';
  let slowAnswers = 2;
  const server = createServer(({ url = '', headers }, response) => {
    if (slowAnswers-- > 0) {
      response.writeHead(503, { 'content-type': 'application/xml' });
      response.end('<Error><Code>SlowDown</Code><Message>reduce your request rate</Message></Error>');
      return;
    }
    seen.push({ name: url, headers });
    response.writeHead(refusal ? 403 : 200, { 'content-type': 'application/xml' });
    response.end(refusal ? `<Error><Code>${refusal}</Code><Message>not allowed</Message></Error>` : '');
  });
  await new Promise<void>((resolve) => server.listen(0, '127.0.0.1', resolve));
  onTestFinished(() => void server.close());
  const endpoint = `http://127.0.0.1:${(server.address() as AddressInfo).port}`;
  const kmsKey = 'arn:aws:kms:us-east-1:123456789012:key/1';
  const destination = createArchiveDestination({
    to: { type: 's3', bucket: 'edge', region: 'us-east-1', endpoint, storageClass: 'STANDARD_IA', kmsKey },
    ...{ format: 'ndjson', prefix: parsePrefix('all/{table}/') as Prefix, compression: 'none', tables: ['logs'] },
    spoolDirectory: scratch.folder(),
  });
  await destination.open(signal, () => {});
  const batch = { batch: '7', requests: 0, logs: 1, rejects: 0, closedAtMs: 0, firstTime: null, lastTime: null };
  async function* read() {
    yield Buffer.from('{"message":"a"}\n');
  }
  const shipment = { batches: [batch], read, divide: async () => [{ value: 'all/logs/', count: 1 }] };
  expect(await destination.ship(shipment, signal)).toEqual([{ rows: 1, bytes: 16, objects: 1, missing: 0 }]);
  expect(seen).toMatchObject([
    {
      name: '/edge/all/logs/7.logs.ndjson?x-id=PutObject',
      headers: {
        'content-type': 'application/x-ndjson',
        'x-amz-storage-class': 'STANDARD_IA',
        'x-amz-server-side-encryption': 'aws:kms',
        'x-amz-server-side-encryption-aws-kms-key-id': kmsKey,
      },
    },
  ]);
  refusal = 'AccessDenied';
  expect(await destination.check(signal)).toEqual([
    expect.stringMatching(
      /^cannot write "s3:\/\/edge\/all\/tailrace-check": .*; allow s3:PutObject on arn:aws:s3:::edge\/\*/,
    ),
  ]);
  await destination.close();
});

test('a batch without rows of its tables makes no object', async () => {
  const folder = scratch.folder();
  const destination = createArchiveDestination({
    ...{
      to: { type: 'folder', path: folder },
      format: 'ndjson',
      prefix: parsePrefix('') as Prefix,
      compression: 'none',
      tables: ['logs'],
    },
    spoolDirectory: folder,
  });
  await destination.open(signal, () => {});
  const batch = { batch: '7', requests: 4, logs: 0, rejects: 1, closedAtMs: 0, firstTime: null, lastTime: null };
  const read = () => expect.fail('nothing is read');
  expect(await destination.ship({ batches: [batch], read, divide: undivided }, signal)).toEqual([
    { rows: 0, bytes: 0, objects: 0, missing: 0 },
  ]);
  expect(foldersOf(folder)).toEqual([]);
  await destination.close();
});
