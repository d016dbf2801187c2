import { randomUUID } from 'node:crypto';
import { readdirSync, readFileSync } from 'node:fs';
import { join } from 'node:path';
import { gunzipSync, gzipSync } from 'node:zlib';
import { CreateBucketCommand, PutObjectCommand, S3Client } from '@aws-sdk/client-s3';
import { afterAll, beforeAll, describe, expect, test } from 'vitest';
import { KeptBytes } from '../../src/destinations/archive/kept-bytes.ts';
import { type Prefix, parsePrefix } from '../../src/destinations/archive/prefix.ts';
import { createRawArchive } from '../../src/destinations/archive/raw-archive.ts';
import { type DestinationDefinition, Destinations } from '../../src/destinations/run-destinations.ts';
import { openByteKeeper } from '../../src/pipeline/keep-bytes.ts';
import { openSink } from '../../src/pipeline/open-sink.ts';
import { header, lines, ScratchStore } from '../../src/pipeline/test-doubles/scratch-store.ts';
import { createKinesisSource } from '../../src/sources/kinesis/kinesis-source.ts';
import { createS3Source } from '../../src/sources/s3/s3-source.ts';
import type { Source } from '../../src/sources/source.ts';
import { kinesisServers, LocalStream, setTestCredentials } from '../../src/sources/test-doubles/local-stream.ts';

setTestCredentials();

const s3Url = process.env.TAILRACE_TEST_S3_URL;
if (!s3Url) console.warn('skipped: bytes of objects of a real S3, because TAILRACE_TEST_S3_URL is not set');

const servers = kinesisServers();
const region = 'us-east-1';
let scratch: ScratchStore;
beforeAll(async () => {
  scratch = await ScratchStore.open();
});
afterAll(async () => {
  await scratch?.close();
  for (const server of servers) await server.close();
});

let archives = 0;

/** Runs a source until so many lines are stored, and delivers what was kept. @returns objects by their names */
async function archiveOf(createSource: (spoolDirectory: string) => Source, storedLines: number) {
  const root = scratch.folder();
  const name = `raw-${++archives}`;
  const [to, keptDirectory] = [join(root, 'archive'), join(root, 'raw')];
  const definition: DestinationDefinition = {
    ...{ name, type: 'archive', from: 'beginning', pipelines: [name], mask: {}, mostKeptBytes: 1e9 },
    create: (spoolDirectory, kept) =>
      createRawArchive({
        ...{ to: { type: 'folder', path: to }, prefix: parsePrefix('{yyyy}/') as Prefix },
        ...{ spoolDirectory, kept: new KeptBytes(kept) },
      }),
  };
  const bytes = openByteKeeper(keptDirectory, [definition]);
  if (!bytes) throw new Error('BUG: nothing is kept');
  const { store } = scratch;
  const sink = openSink({ ...store, pipeline: name, bytes }, { spoolDirectory: join(root, 'sink') });
  const stopping = new AbortController();
  const running = createSource(join(root, 'spool')).run(sink, stopping.signal);
  const sql = `SELECT sum(lines) AS lines FROM ledger WHERE batch IN (SELECT batch FROM plans WHERE pipeline = {name:String})`;
  await expect.poll(() => store.engine.rows({ sql, params: { name } })).toEqual([{ lines: storedLines }]);
  stopping.abort(new Error('the test stops it'));
  await running.catch(() => {});
  await sink.close();
  const destinations = new Destinations({ engine: store.engine, spoolDirectory: join(root, 'ship'), keptDirectory }, [
    definition,
  ]);
  await expect.poll(() => destinations.status()[0]).toMatchObject({ state: 'running', counts: { waiting: 0 } });
  await destinations.stop();
  expect(readdirSync(join(keptDirectory, name))).toEqual([]);
  return readdirSync(to, { recursive: true, encoding: 'utf8' })
    .filter((path) => /\d{10,}/.test(path))
    .map((path) => ({ path, bytes: readFileSync(join(to, path)) }));
}

/** What loggers write, and what no text is. */
const records = [
  ...Array.from({ length: 40 }, (_, at) => Buffer.from(`{"level":"info","message":"record ${at}"}`)),
  Buffer.from([0xff, 0x00, 0x41, 0x80, 0xfe, 0x09, 0x5c]),
  Buffer.from('é ü 日本 🌊 \t "quoted\\" '),
];

describe.each(servers)('$name', (server) => {
  test('the data of records, also of compressed ones, each once', async () => {
    const stream = await LocalStream.create(await server.url(), 2);
    const packed = Buffer.from('{"level":"warn","message":"it was compressed"}');
    await stream.put([...records, gzipSync(packed)]);
    const place = { stream: stream.name, endpoint: stream.endpoint, region };
    const objects = await archiveOf(
      () => createKinesisSource({ ...place, startFrom: 'TRIM_HORIZON', pipeline: 'edge', pollMs: 50 }),
      records.length + 1,
    );
    stream.client.destroy();
    const archived = objects.flatMap(({ bytes }) => cutLines(gunzipSync(bytes)));
    expect(archived.sort()).toEqual([...records, packed].map((record) => record.toString('latin1')).sort());
  });
});

test.skipIf(!s3Url)('objects of S3 are the same bytes, and plain ones compressed', async () => {
  const Bucket = `raw-${randomUUID()}`;
  const s3 = new S3Client({ region, endpoint: s3Url ?? 'http://none', forcePathStyle: true });
  await s3.send(new CreateBucketCommand({ Bucket }));
  const text = (tag: string) => `${header}${lines(20, tag)}no line of it \xff\n`;
  const contents = new Map([
    ['logs/E1.2026-03-01-10.one.gz', gzipSync(Buffer.from(text('one'), 'latin1'))],
    ['logs/E1.2026-03-01-10.two.gz', gzipSync(Buffer.from(text('two'), 'latin1'), { level: 1 })],
    ['logs/plain.log', Buffer.from(text('plain'), 'latin1')],
  ]);
  for (const [Key, Body] of contents) await s3.send(new PutObjectCommand({ Bucket, Key, Body }));
  s3.destroy();
  const objects = await archiveOf(
    (spoolDirectory) =>
      createS3Source({
        pipeline: 'edge',
        region,
        endpoint: s3Url ?? '',
        bucket: Bucket,
        intervalMs: 50,
        spoolDirectory,
      }),
    3 * 23,
  );
  expect(objects).toHaveLength(contents.size);
  for (const [key, content] of contents) {
    const name = key.replace('logs/', '');
    const found = objects.find(({ path }) => path.includes(name))?.bytes;
    expect(found && (name.endsWith('.gz') ? found : gunzipSync(found)).equals(content)).toBe(true);
  }
});

function cutLines(bytes: Buffer): string[] {
  const found = bytes.toString('latin1').split('\n');
  expect(found.pop()).toBe('');
  return found;
}
