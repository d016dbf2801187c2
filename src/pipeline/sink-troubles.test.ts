import { mkdtempSync, readdirSync, rmSync, writeFileSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { gzipSync } from 'node:zlib';
import { afterAll, beforeAll, describe, expect, test, vi } from 'vitest';
import { copyPreparedStore } from '../../test/prepared-store.ts';
import { cloudfrontRealtime } from '../formats/cloudfront-realtime/format.ts';
import { unfinishedBatches } from '../ledger/plans.ts';
import type { Delivery } from '../sources/source.ts';
import { openStore, type Store } from '../store/open-store.ts';
import { type IngestOptions, ingestFiles } from './ingest-files.ts';
import { openSink, type SinkSettings } from './open-sink.ts';
import { type ChooseFault, engineFailure, faultyEngine } from './test-doubles/faulty-engine.ts';

vi.mock('node:timers/promises', async (load) =>
  (await import('./test-doubles/short-pauses.ts')).shortPauses(await load()),
);

const columns = ['timestamp', 'c-ip', 'sc-status', 'sc-bytes', 'cs-method', 'cs-host', 'cs-uri-stem'];
const hints = { format: cloudfrontRealtime, columns };

let directory: string;
let store: Store;
let sinks = 0;
const told: string[] = [];

beforeAll(async () => {
  directory = mkdtempSync(join(tmpdir(), 'tailrace-troubles-'));
  store = await openStore({ directory: copyPreparedStore(join(directory, 'store')) });
});

afterAll(async () => {
  await store.close();
  rmSync(directory, { recursive: true, force: true });
});

/** A sink into a store some of whose statements fail. */
function openFaulty(choose: ChooseFault = () => undefined, settings: Partial<SinkSettings> = {}) {
  const spoolDirectory = join(directory, `spool-${++sinks}`);
  const context = { ...store, engine: faultyEngine(store.engine, choose) };
  return openSink(context, { hints, spoolDirectory, onEvent: (text) => told.push(text), ...settings });
}

/** Fails the first statements that contain a text. */
function failing(text: string, times: number, when: 'before' | 'after', error = engineFailure()): ChooseFault {
  let left = times;
  return (sql) => (sql.includes(text) && left-- > 0 ? { when, error } : undefined);
}

function both(...choices: readonly ChooseFault[]): ChooseFault {
  return (sql) => choices.map((choose) => choose(sql)).find((fault) => fault);
}

function line(path: string): string {
  return `1700000000.123\t192.0.2.1\t200\t10\tGET\texample.org\t${path}\n`;
}

function delivery(path: string, text = line(path)): Delivery {
  return { origin: `http://troubles${path}`, version: '1', content: { kind: 'lines', chunks: [Buffer.from(text)] } };
}

async function storedTimes(path: string): Promise<number> {
  const [row] = await store.engine.rows<{ count: number }>({
    sql: 'SELECT count() AS count FROM requests WHERE path = {path:String}',
    params: { path },
  });
  return row?.count ?? -1;
}

async function ledgerRows(path: string): Promise<readonly { readonly lines: number }[]> {
  return store.engine.rows({
    sql: 'SELECT lines FROM ledger WHERE origin = {origin:String}',
    params: { origin: delivery(path).origin },
  });
}

async function expectStoredOnce(path: string): Promise<void> {
  expect(await storedTimes(path)).toBe(1);
  expect(await ledgerRows(path)).toEqual([{ lines: 1 }]);
  expect(await unfinishedBatches(store.engine)).toEqual([]);
}

test('a batch that was closed, and nobody could learn it, is not taken back', async () => {
  // The ledger row is durable, but its statement fails, and so does the query whether it exists.
  const sink = openFaulty(both(failing('INSERT INTO ledger', 1, 'after'), failing('AS closed', 1, 'before')));
  const [receipt] = await sink.store([delivery('/undecided')]);
  expect(receipt).toMatchObject({ known: false, rows: 1 });
  await expectStoredOnce('/undecided');
  await sink.close();
});

test('a batch that was committed is closed, however often that fails', async () => {
  const sink = openFaulty(failing('INSERT INTO ledger', 3, 'before'));
  const committed: string[] = [];
  const [receipt] = await sink.store([delivery('/committed')], { commit: async (id) => void committed.push(id) });
  expect(receipt).toMatchObject({ known: false, rows: 1 });
  expect(committed).toHaveLength(1);
  await expectStoredOnce('/committed');
  await sink.close();
});

test('a commit that throws is the answer, also when the batch cannot be taken back at once', async () => {
  const sink = openFaulty(failing('ALTER TABLE logs DELETE', 2, 'before'));
  let commits = 0;
  const commit = async () => {
    commits++;
    throw new Error('the lease is lost');
  };
  await expect(sink.store([delivery('/refused')], { commit })).rejects.toThrow('the lease is lost');
  expect(commits).toBe(1);
  await sink.store([delivery('/after-refused')]);
  expect(await storedTimes('/refused')).toBe(0);
  await expectStoredOnce('/after-refused');
  await sink.close();
});

test('what one sink could not take back, the next one of the store does', async () => {
  let isDown = true;
  const down: ChooseFault = (sql) =>
    isDown && /ALTER TABLE|AS rows,/.test(sql) ? { when: 'before', error: engineFailure() } : undefined;
  const engine = faultyEngine(store.engine, down);
  const open = (name: string) => openSink({ ...store, engine }, { hints, spoolDirectory: join(directory, name) });
  const first = open('first');
  const storing = first.store([delivery('/left-behind')]);
  await expect.poll(() => first.counts.retries).toBeGreaterThan(0);
  await Promise.all([expect(storing).rejects.toThrow('tailrace is stopping'), first.close()]);
  expect(await storedTimes('/left-behind')).toBe(1);
  isDown = false;
  const second = open('second');
  await second.store([delivery('/left-behind')]);
  await expectStoredOnce('/left-behind');
  await second.close();
});

test('what is twice in one call is stored once', async () => {
  const sink = openFaulty();
  const [first, second] = await sink.store([delivery('/twin'), delivery('/twin')]);
  expect([first?.known, second?.known]).toEqual([false, true]);
  await expectStoredOnce('/twin');
  expect(await sink.store([])).toEqual([]);
  await sink.close();
});

test('who gives up while the store is down is let go, and the others of its batch are stored', async () => {
  let isDown = true;
  const sink = openFaulty((sql) =>
    isDown && sql.includes('INSERT INTO plans') ? { when: 'before', error: engineFailure() } : undefined,
  );
  const leaving = new AbortController();
  const twinLeaving = new AbortController();
  const patient = sink.store([delivery('/patient')]);
  const impatient = sink.store([delivery('/impatient')], { signal: leaving.signal });
  const twin = sink.store([delivery('/patient')], { signal: twinLeaving.signal });
  await expect.poll(() => sink.counts.retries).toBeGreaterThan(0);
  leaving.abort(new Error('no time'));
  twinLeaving.abort(new Error('no time either'));
  await Promise.all([expect(impatient).rejects.toThrow('no time'), expect(twin).rejects.toThrow('no time either')]);
  isDown = false;
  expect(await patient).toMatchObject([{ known: false, rows: 1 }]);
  expect(await storedTimes('/impatient')).toBe(0);
  await expectStoredOnce('/patient');
  await sink.close();
});

test('a store that refuses everything makes lines wait, and does not turn them into rejects or nothing', async () => {
  let isDown = true;
  const denied = engineFailure('TAILRACE_QUERY_REFUSED', false);
  const sink = openFaulty((sql) => (isDown && sql.includes('landing') ? { when: 'before', error: denied } : undefined));
  const calls = ['/denied-1', '/denied-2'].map((path) => sink.store([delivery(path)]));
  await expect.poll(() => sink.counts.retries).toBeGreaterThan(1);
  isDown = false;
  await Promise.all(calls);
  for (const path of ['/denied-1', '/denied-2']) await expectStoredOnce(path);
  await sink.close();
});

test('a refusal that ends before the lines come as rejects makes no rejects', async () => {
  const denied = engineFailure('TAILRACE_QUERY_REFUSED', false);
  const sink = openFaulty(failing('landing', 2, 'before', denied));
  expect(await sink.store([delivery('/denied-twice')])).toMatchObject([{ rows: 1, rejected: 0 }]);
  await expectStoredOnce('/denied-twice');
  await sink.close();
});

test('a store that lacks memory for a while gets no lines as rejects', async () => {
  const limit = engineFailure('TAILRACE_QUERY_LIMIT', false);
  const sink = openFaulty(failing('landing', 3, 'before', limit));
  expect(await sink.store([delivery('/memory')])).toMatchObject([{ rows: 1, rejected: 0 }]);
  await expectStoredOnce('/memory');
  await sink.close();
});

test('spool files that somebody removed are written again', async () => {
  const spoolDirectory = join(directory, 'swept');
  const sweep: ChooseFault = (sql) => {
    if (sql.includes('INSERT INTO plans') && !isSwept) {
      isSwept = true;
      rmSync(spoolDirectory, { recursive: true });
    }
    return undefined;
  };
  let isSwept = false;
  const sink = openFaulty(sweep, { spoolDirectory });
  expect(await sink.store([delivery('/swept')])).toMatchObject([{ rows: 1, rejected: 0 }]);
  await expectStoredOnce('/swept');
  expect(readdirSync(spoolDirectory)).toEqual([]);
  await sink.close();
});

test('an object that went away while it was stored is refused, and its neighbours are stored', async () => {
  const path = join(directory, 'gone.log');
  writeFileSync(path, line('/gone'));
  const sink = openFaulty((sql) => {
    if (sql.includes('INSERT INTO plans')) rmSync(path, { force: true });
    return undefined;
  });
  const object = { origin: 's3://b/gone.log', version: 'etag', content: { kind: 'file', path } } as const;
  const [gone, neighbour] = await Promise.allSettled([sink.store([object]), sink.store([delivery('/neighbour')])]);
  expect(gone.status).toBe('rejected');
  expect(neighbour.status).toBe('fulfilled');
  expect(await sink.lastStored('s3://b/gone')).toEqual(new Map());
  await expectStoredOnce('/neighbour');
  await sink.close();
});

test('of files with different layouts, the damaged one is found', async () => {
  const fine = join(directory, 'fine.log');
  const damaged = join(directory, 'damaged.gz');
  writeFileSync(fine, '{"level":"info","time":1700000000000,"msg":"fine"}\n');
  const complete = gzipSync(Array.from({ length: 5000 }, (_, n) => line(`/damaged/${Math.sin(n)}`)).join(''));
  writeFileSync(damaged, complete.subarray(0, complete.length >> 1));
  const sink = openFaulty(undefined, { hints: {} });
  const receipts = await Promise.all(
    [fine, damaged].map((path) =>
      sink.store([{ origin: `s3://layouts/${path}`, version: 'etag', content: { kind: 'file', path } }]),
    ),
  );
  expect(receipts[0]).toMatchObject([{ lines: 1, rows: 1 }]);
  expect(receipts[1]).toMatchObject([{ rows: 0 }]);
  await sink.close();
});

describe('an ingest of files', () => {
  const file = (name: string, bytes = 0) => {
    const path = join(directory, name);
    writeFileSync(path, line(`/${name}`) + line(`/${name}/more`).repeat(bytes / line('').length));
    return path;
  };
  const ingest = (choose: ChooseFault, paths: readonly string[], options: IngestOptions = {}) =>
    ingestFiles({ ...store, engine: faultyEngine(store.engine, choose) }, paths, { hints, ...options });

  test('goes on when the store recovers', async () => {
    const choose = failing('INSERT INTO plans', 2, 'before');
    expect(await ingest(choose, [file('recovers')])).toMatchObject({ files: 1, rows: 1, failed: [] });
  });

  test('ends when the store does not', async () => {
    const choose = failing('INSERT INTO plans', 1000, 'before', engineFailure('TAILRACE_DISK_FULL'));
    await expect(ingest(choose, [file('down-1'), file('down-2')])).rejects.toThrow('made to fail');
    expect(await storedTimes('/down-1')).toBe(0);
  });

  test('ends after the batch in flight when it is told to', async () => {
    const ending = new AbortController();
    const choose: ChooseFault = (sql) => {
      if (sql.includes('INSERT INTO plans')) ending.abort(new Error('the server is stopping'));
      return undefined;
    };
    const paths = [file('first'), file('second-large', 2 * 1024 ** 2)];
    await expect(ingest(choose, paths, { signal: ending.signal })).rejects.toThrow('the server is stopping');
    expect([await storedTimes('/first'), await storedTimes('/second-large')]).toEqual([1, 0]);
    await expect(ingest(choose, paths, { signal: ending.signal })).rejects.toThrow('the server is stopping');
    expect(await ingest(choose, paths)).toMatchObject({ files: 1, known: 1 });
  });
});

test('a full disk is not filled further by trying again', async () => {
  const spoolDirectory = join(directory, 'filling');
  let files = 0;
  let left = 4;
  const choose: ChooseFault = (sql) => {
    if (!sql.includes('JOIN layouts') || left-- <= 0) return undefined;
    files = Math.max(files, readdirSync(spoolDirectory).length);
    return { when: 'before', error: engineFailure('TAILRACE_DISK_FULL') };
  };
  const sink = openFaulty(choose, { spoolDirectory });
  // The layout of the second is queried when the first is already written.
  await sink.store([delivery('/filling-1'), delivery('/filling-2')]);
  expect(files).toBeLessThanOrEqual(1);
  await expectStoredOnce('/filling-2');
  expect(readdirSync(spoolDirectory)).toEqual([]);
  await sink.close();
});

test('a sink that closes does not wait for a commit without an outcome', async () => {
  const sink = openFaulty();
  let isCommitting = false;
  const commit = () => {
    isCommitting = true;
    return new Promise<void>(() => {});
  };
  const storing = sink.store([delivery('/hanging')], { commit });
  storing.catch(() => {});
  await expect.poll(() => isCommitting).toBe(true);
  await sink.close();
  await expect(storing).rejects.toThrow('tailrace is stopping');
  // The next owner of the lease knows its outcome.
  expect(await storedTimes('/hanging')).toBe(1);
  const next = openFaulty();
  await next.settle(await next.unfinished([delivery('/hanging').origin]), []);
  await next.close();
  expect(await storedTimes('/hanging')).toBe(0);
});
