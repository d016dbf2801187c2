import { afterAll, beforeAll, expect, test } from 'vitest';
import { findFormat } from '../formats/catalog.ts';
import { type RejectSelection, summarizeRejects } from '../ledger/kept-rejects.ts';
import { newestBatch } from '../ledger/newest-batch.ts';
import { ingestFiles } from './ingest-files.ts';
import { openSink } from './open-sink.ts';
import { replayRejects } from './replay-rejects.ts';
import { header, lines, ScratchStore } from './test-doubles/scratch-store.ts';

let scratch: ScratchStore;
let sinks = 0;

beforeAll(async () => {
  scratch = await ScratchStore.open();
});

afterAll(() => scratch?.close());

const columns: readonly string[] = ['date', 'time', 'c-ip', 'cs-method', 'cs-uri-stem', 'sc-status'];

/** Lines whose columns the pipeline does not name as they are, and a torn one. */
function wrongLines(path: string, count: number): string {
  const whole = Array.from({ length: count }, (_, at) => `2026-03-01;12:00:00;203.0.113.7;GET;/${path}/${at};200\n`);
  return `${whole.join('')}torn\n`;
}

function sinkFor(columns: readonly string[]) {
  const format = findFormat('cloudfront-standard');
  if (!format) throw new Error('no such format');
  const spoolDirectory = `${scratch.root}/store/spool/replay-${++sinks}`;
  return openSink(scratch.store, { spoolDirectory, hints: { format, columns, delimiter: ';' } });
}

async function deliver(origin: string, text: string): Promise<void> {
  const sink = sinkFor(['date', 'time', 'cs-uri-stem']);
  try {
    const content = { kind: 'lines', chunks: [Buffer.from(text)] } as const;
    const [receipt] = await sink.store([{ origin, version: '1', content }]);
    expect(receipt).toMatchObject({ rows: 0, rejected: receipt?.lines });
  } finally {
    await sink.close();
  }
}

async function replay(selection: RejectSelection, named = columns) {
  const sink = sinkFor(named);
  try {
    return await replayRejects(scratch.store, sink, { ...selection, isNamed: true });
  } finally {
    await sink.close();
  }
}

const pathsOf = async (path: string) => {
  const rows = await scratch.store.engine.rows<{ path: string }>({
    sql: 'SELECT path FROM requests WHERE startsWith(path, {path:String}) ORDER BY path',
    params: { path: `/${path}/` },
  });
  return rows.map((row) => row.path);
};

test('lines are stored when their columns are known, once however often they are replayed', async () => {
  await deliver('s3://logs/AWSLogs/123456789012/CloudFront/once.log', wrongLines('once', 3));
  const selection = { origin: 'once.log' };
  expect(await replay(selection)).toEqual({ objects: 1, lines: 4, rows: 3, rejected: 1, comments: 0, excluded: 0 });
  expect(await replay(selection)).toMatchObject({ objects: 0, lines: 0 });
  expect(await pathsOf('once')).toEqual(['/once/0', '/once/1', '/once/2']);
  const [row] = await scratch.store.engine.rows({
    sql: "SELECT DISTINCT bucket, account, filename FROM requests WHERE startsWith(path, '/once/')",
  });
  expect(row).toEqual({ bucket: 'logs', account: '123456789012', filename: 'once.log' });
});

test('what is rejected again is replayed when that is asked for', async () => {
  await deliver('/logs/again.log', wrongLines('again', 2));
  const selection = { origin: 'again.log' };
  expect(await replay(selection, ['date', 'time', 'c-ip'])).toMatchObject({ rows: 0, rejected: 3 });
  expect(await replay(selection)).toMatchObject({ lines: 0 });
  expect(await replay({ ...selection, again: true })).toMatchObject({ rows: 2, rejected: 1 });
  expect(await pathsOf('again')).toEqual(['/again/0', '/again/1']);
});

test('lines are selected by object, reason and time, in parts, and counted without being stored', async () => {
  const count = 5000;
  await deliver('/logs/many.log', wrongLines('many', count));
  const { engine } = scratch.store;
  const summary = async (selection: RejectSelection) =>
    summarizeRejects(engine, { origin: 'many.log', ...selection }, await newestBatch(engine));
  const all = await summary({});
  expect(all).toMatchObject([
    { reason: expect.stringContaining('too many'), lines: count, origins: 1, example: expect.stringMatching(/many/) },
    { reason: expect.stringContaining('too few'), lines: 1, origins: 1, example: 'torn' },
  ]);
  expect(await summary({ reason: 'too few' })).toEqual(all.slice(1));
  expect(await summary({ untilMs: Date.now() - 3_600_000 })).toEqual([]);
  expect(await summary({ fromMs: Date.now() - 3_600_000 })).toEqual(all);
  expect(await pathsOf('many')).toEqual([]);
  expect(await replay({ origin: 'many.log' })).toMatchObject({ objects: 1, lines: count + 1, rows: count });
  expect(new Set(await pathsOf('many')).size).toBe(count);
  expect(await summary({})).toEqual([]);
});

test('the beginning of a line that was too long is not taken for the line', async () => {
  const long = `2026-03-01;12:00:00;203.0.113.7;GET;/long/${'x'.repeat(4 * 1024 ** 2)};200\n`;
  await deliver('/logs/long.log', `${long}torn\n`);
  expect(await replay({ origin: 'long.log' })).toMatchObject({ lines: 1, rows: 0, rejected: 1 });
});

test('below a header its columns count, whatever the line looks like alone', async () => {
  const extra = `${lines(1, 'header').trimEnd()}\textra\n`;
  const path = scratch.file('header.log', `${header}${lines(1, 'header')}${extra}`);
  const { store } = scratch;
  expect(await ingestFiles(store, [path])).toMatchObject({ rows: 1, rejected: 1 });
  const sink = scratch.openSink();
  expect(await replayRejects(store, sink, { origin: path })).toMatchObject({ rows: 0, rejected: 1 });
});

test('where the header changes within an object, nothing tells the columns of a line', async () => {
  const other = header.replace('x-edge-request-id', 'x-host-header');
  const torn = '2026-03-01\t10:00:00\tFRA56-P4\n';
  const path = scratch.file('two.log', `${header}${lines(2, 'two')}${other}${lines(2, 'two')}${torn}`);
  const { store } = scratch;
  expect(await ingestFiles(store, [path])).toMatchObject({ rows: 4, rejected: 1 });
  await replayRejects(store, scratch.openSink(), { origin: path });
  const [row] = await store.engine.rows<{ reason: string }>({
    sql: 'SELECT reason FROM rejects WHERE origin = {origin:String}',
    params: { origin: `replay:${path}` },
  });
  expect(row?.reason).toContain('the header changes');
  expect(await replayRejects(store, scratch.openSink(), { origin: path, again: true })).toMatchObject({ lines: 0 });
});
