import { existsSync, mkdirSync, readdirSync, readFileSync, rmSync, writeFileSync } from 'node:fs';
import { join } from 'node:path';
import { gunzipSync, gzipSync } from 'node:zlib';
import { afterAll, beforeAll, expect, onTestFinished, test } from 'vitest';
import { openByteKeeper } from '../../pipeline/keep-bytes.ts';
import { openSink } from '../../pipeline/open-sink.ts';
import { lines, ScratchStore } from '../../pipeline/test-doubles/scratch-store.ts';
import type { Delivery } from '../../sources/source.ts';
import { type DestinationDefinition, Destinations } from '../run-destinations.ts';
import { KeptBytes } from './kept-bytes.ts';
import { type Prefix, parsePrefix } from './prefix.ts';
import { createRawArchive } from './raw-archive.ts';

let scratch: ScratchStore;
beforeAll(async () => {
  scratch = await ScratchStore.open();
});
afterAll(() => scratch?.close());

let trials = 0;

/** An archive of one pipeline, and the sink of the pipeline. */
function openTrial(mostKeptBytes = Number.POSITIVE_INFINITY) {
  const root = scratch.folder();
  const [to, keptDirectory] = [join(root, 'archive'), join(root, 'raw')];
  const name = `raw-${++trials}`;
  const definition: DestinationDefinition = {
    ...{ name, type: 'archive', from: 'beginning', pipelines: [name], mask: {}, mostKeptBytes },
    create: (spoolDirectory, kept) =>
      createRawArchive({
        ...{ to: { type: 'folder', path: to }, prefix: parsePrefix('{yyyy}-{MM}-{dd}/{HH}/') as Prefix },
        ...{ spoolDirectory, kept: new KeptBytes(kept) },
      }),
  };
  const bytes = openByteKeeper(keptDirectory, [definition]);
  if (!bytes) throw new Error('BUG: nothing is kept');
  const { store } = scratch;
  const sink = openSink({ ...store, pipeline: name, bytes }, { spoolDirectory: join(root, 'spool') });
  onTestFinished(() => sink.close());
  return {
    sink,
    bytes,
    root,
    kept: () => (existsSync(join(keptDirectory, name)) ? readdirSync(join(keptDirectory, name)) : []),
    async ship() {
      const options = { engine: store.engine, spoolDirectory: join(root, 'ship'), keptDirectory };
      const running = new Destinations(options, [definition]);
      await expect.poll(() => running.status()[0]).toMatchObject({ state: 'running', counts: { waiting: 0 } });
      await running.stop();
      return running.status()[0]?.counts;
    },
    objects: () =>
      Object.fromEntries(
        readdirSync(to, { recursive: true, encoding: 'utf8' })
          .filter((path) => /\d{10,}/.test(path))
          .map((path) => [path.replace(/\d{10,}/, 'BATCH'), readFileSync(join(to, path))]),
      ),
    notes: () =>
      store.engine.rows<{ problem: string }>({
        sql: 'SELECT problem FROM shipments FINAL WHERE destination = {name:String} ORDER BY batch',
        params: { name },
      }),
    forgetDeliveries: () =>
      store.engine.run({ sql: 'DELETE FROM shipments WHERE destination = {name:String}', params: { name } }),
  };
}

const delivery = (origin: string, content: Delivery['content'], filename?: string): Delivery => ({
  ...{ origin, version: '1', content },
  ...(filename ? { context: { filename } } : {}),
});
const header =
  '#Version: 1.0\n#Fields: date time x-edge-location sc-bytes c-ip cs-method cs(Host) cs-uri-stem sc-status x-edge-request-id\n';

test('records and files of a batch come out as they came in, and are kept until they are delivered', async () => {
  const trial = openTrial();
  const [gzipped, plain] = [gzipSync(header + lines(2, 'gz')), `${header}${lines(1, 'plain')}not a line\n`];
  writeFileSync(join(trial.root, 'one'), gzipped);
  writeFileSync(join(trial.root, 'two'), plain);
  await trial.sink.store([
    delivery('kinesis://s/shardId-0', { kind: 'lines', chunks: [Buffer.from(header), Buffer.from(lines(3, 'k'))] }),
    delivery(
      's3://b/logs/E1.2026-03-01-10.abc.gz',
      { kind: 'file', path: join(trial.root, 'one') },
      'E1.2026-03-01-10.abc.gz',
    ),
    delivery('s3://b/logs/a b;c.log', { kind: 'file', path: join(trial.root, 'two') }, 'a b;c.log'),
  ]);
  rmSync(join(trial.root, 'one'));
  rmSync(join(trial.root, 'two'));
  expect(trial.kept()).toEqual([expect.stringMatching(/^\d+$/)]);
  expect(await trial.ship()).toMatchObject({ batches: 1, rows: 7 });
  const objects = trial.objects();
  expect(Object.keys(objects).sort()).toEqual([
    '2026-03-01/10/BATCH-2-E1.2026-03-01-10.abc.gz',
    '2026-03-01/10/BATCH-3-a_b_c.log.gz',
    '2026-03-01/10/BATCH.lines.gz',
  ]);
  expect(objects['2026-03-01/10/BATCH-2-E1.2026-03-01-10.abc.gz']).toEqual(gzipped);
  expect(gunzipSync(objects['2026-03-01/10/BATCH-3-a_b_c.log.gz'] ?? '').toString()).toBe(plain);
  expect(gunzipSync(objects['2026-03-01/10/BATCH.lines.gz'] ?? '').toString()).toBe(header + lines(3, 'k'));
  expect(trial.kept()).toEqual([]);
});

test('a batch that was delivered and not acknowledged is delivered once more, and replaces itself', async () => {
  const trial = openTrial();
  await trial.sink.store([delivery('kinesis://s/1', { kind: 'lines', chunks: [Buffer.from(header + lines(1))] })]);
  const [batch = ''] = trial.kept();
  await trial.ship();
  const objects = trial.objects();
  await trial.bytes.keep(batch, `raw-${trials}`, [
    delivery('kinesis://s/1', { kind: 'lines', chunks: [Buffer.from(header + lines(1))] }),
  ]);
  await trial.forgetDeliveries();
  expect(await trial.ship()).toMatchObject({ batches: 1 });
  expect(trial.objects()).toEqual(objects);
});

test('of a batch that is taken back nothing is kept', async () => {
  const trial = openTrial();
  const refused = trial.sink.store([delivery('kinesis://s/9', { kind: 'lines', chunks: [Buffer.from(lines(1))] })], {
    commit: async () => {
      expect(trial.kept()).toHaveLength(1);
      throw new Error('the lease is lost');
    },
  });
  await expect(refused).rejects.toThrow('the lease is lost');
  expect(trial.kept()).toEqual([]);
});

test('nothing is stored while its bytes cannot be kept', async () => {
  const trial = openTrial();
  writeFileSync(join(trial.root, 'raw'), 'a file in the way');
  const leaving = new AbortController();
  const stored = trial.sink.store([delivery('kinesis://s/2', { kind: 'lines', chunks: [Buffer.from(lines(1))] })], {
    signal: leaving.signal,
  });
  await expect.poll(() => trial.sink.pressure().problem).toMatch(/^cannot keep bytes for the archive "raw-\d": /);
  rmSync(join(trial.root, 'raw'));
  await expect(stored).resolves.toMatchObject([{ rows: 1 }]);
  expect(trial.kept()).toHaveLength(1);
});

test('more than a bound is not kept: the source waits until the archive has taken some', async () => {
  const trial = openTrial(1);
  const deliver = (number: number) =>
    trial.sink.store([delivery(`kinesis://s/4-${number}`, { kind: 'lines', chunks: [Buffer.from(lines(1))] })]);
  await deliver(1);
  const second = deliver(2);
  await expect
    .poll(() => trial.sink.pressure().problem)
    .toMatch(
      /^cannot keep bytes for the archive "raw-\d": 1 bytes wait for it already; see why it takes none, or let keptSize/,
    );
  expect(trial.kept()).toHaveLength(1);
  expect(await trial.ship()).toMatchObject({ batches: 1 });
  await expect(second).resolves.toMatchObject([{ rows: 1 }]);
  expect(await trial.ship()).toMatchObject({ batches: 1 });
  expect(Object.keys(trial.objects())).toHaveLength(1);
});

test('of a batch that was stored without its bytes it is noted', async () => {
  const trial = openTrial();
  mkdirSync(join(trial.root, 'archive'));
  const pipeline = `raw-${trials}`;
  const sink = openSink({ ...scratch.store, pipeline }, { spoolDirectory: join(trial.root, 'other') });
  await sink.store([delivery('kinesis://s/3', { kind: 'lines', chunks: [Buffer.from(lines(1))] })]);
  await sink.close();
  expect(await trial.ship()).toMatchObject({ batches: 1, rows: 0 });
  expect(await trial.notes()).toEqual([{ problem: expect.stringMatching(/^its bytes were not kept: /) }]);
});
