import { afterAll, beforeAll, expect, test } from 'vitest';
import type { Engine } from '../engine/engine.ts';
import { startWorker } from '../ledger/worker.ts';
import type { Delivery } from '../sources/source.ts';
import { ingestFiles } from './ingest-files.ts';
import { openSink } from './open-sink.ts';
import { header, lines, ScratchStore } from './test-doubles/scratch-store.ts';

let scratch: ScratchStore;

beforeAll(async () => {
  scratch = await ScratchStore.open();
});

afterAll(() => scratch?.close());

function delivery(origin: string, count = 3): Delivery {
  const line = `{"level":"info","time":1700000000000,"msg":"${origin}"}\n`;
  return { origin, version: '1', content: { kind: 'lines', chunks: [Buffer.from(line.repeat(count))] } };
}

/** Ledger entries of an origin, its rows in `logs`, and rows of `logs` without a ledger entry. */
async function stored(origin: string) {
  const [row] = await scratch.store.engine.rows({
    sql: `
      SELECT (SELECT count() FROM ledger WHERE origin = {origin:String}) AS closed,
             (SELECT count() FROM logs WHERE message = {origin:String}) AS rows,
             (SELECT count() FROM logs WHERE batch NOT IN (SELECT batch FROM ledger)) AS orphans`,
    params: { origin },
  });
  return row;
}

test('two pipelines of one process that take the same object at the same time store it once', async () => {
  const [one, other] = [scratch.openSink(), scratch.openSink()];
  const origins = Array.from({ length: 5 }, (_, index) => `s3://bucket/both-${index}`);
  const receipts = await Promise.all(
    origins.flatMap((origin) => [one, other].map((sink) => sink.store([delivery(origin)]))),
  );
  expect(receipts.flat().filter(({ known }) => known)).toHaveLength(origins.length);
  for (const origin of origins) expect(await stored(origin)).toEqual({ closed: 1, rows: 3, orphans: 0 });
});

test('a call that waits for the pipeline that has its object gives up when its own sink closes', async () => {
  const [one, other] = [scratch.openSink(), scratch.openSink()];
  let release = () => {};
  const held = new Promise<void>((resolve) => {
    release = resolve;
  });
  const first = one.store([delivery('s3://bucket/held')], { commit: () => held });
  const second = other.store([delivery('s3://bucket/held')]);
  const closed = expect(second).rejects.toThrow('tailrace is stopping');
  await other.close();
  await closed;
  release();
  expect(await first).toMatchObject([{ known: false, rows: 3 }]);
});

test('two runs of ingest over the same files at the same time store each once', async () => {
  const inside = scratch.folder();
  const paths = ['a', 'b', 'c'].map((name) => scratch.file(`${name}.log`, header + lines(4, name), inside));
  const results = await Promise.all([ingestFiles(scratch.store, paths), ingestFiles(scratch.store, paths)]);
  expect(results.map(({ files, known }) => files + known)).toEqual([3, 3]);
  for (const name of ['a', 'b', 'c']) expect(await requestsUnder(`/${name}/`)).toBe(4);
});

test('many files are asked for one by one only where the ledger has files among them', async () => {
  const inside = scratch.folder();
  const named = (name: string) => scratch.file(name, header + lines(1, 'many'), inside);
  const paths = Array.from({ length: 101 }, (_, index) => named(`b${100 + index}.log`));
  const asked: string[] = [];
  const engine = new Proxy(scratch.store.engine, {
    get(target, name) {
      const value: unknown = Reflect.get(target, name);
      if (typeof value !== 'function') return value;
      if (name !== 'rows') return value.bind(target);
      return (statement: Parameters<Engine['rows']>[0]) => {
        asked.push(...Object.keys(statement.params ?? {}).filter((param) => param === 'versions'));
        return target.rows(statement);
      };
    },
  });
  const context = { ...scratch.store, engine };
  expect(await ingestFiles(context, paths)).toMatchObject({ files: 101, known: 0, rows: 101 });
  expect(asked).toHaveLength(0);
  expect(await ingestFiles(context, paths)).toMatchObject({ files: 0, known: 101 });
  // Of those that surround what is stored, one is in the ledger.
  const around = [...Array.from({ length: 100 }, (_, index) => named(`a${100 + index}.log`)), named('c.log')];
  expect(await ingestFiles(context, [...around, ...paths.slice(50, 51)])).toMatchObject({ files: 101, known: 1 });
  expect(asked).toHaveLength(2);
  expect(await requestsUnder('/many/')).toBe(202);
});

async function requestsUnder(prefix: string) {
  const [row] = await scratch.store.engine.rows<{ count: number }>({
    sql: 'SELECT count() AS count FROM requests WHERE startsWith(path, {prefix:String})',
    params: { prefix },
  });
  return row?.count;
}

/** The engine as used by another process that stores into the same tables of a server. */
function workersEngine(beforePlan = async () => {}): Engine {
  const { engine } = scratch.store;
  return new Proxy(engine, {
    get(target, name) {
      if (name === 'kind') return 'server';
      if (name === 'run') {
        return async (statement: Parameters<Engine['run']>[0]) => {
          if (statement.sql.includes('INSERT INTO plans')) await beforePlan();
          await target.run(statement);
        };
      }
      const value: unknown = Reflect.get(target, name);
      return typeof value === 'function' ? value.bind(target) : value;
    },
  });
}

test('a worker whose object another one has closed since it looked takes its batch back, and stores what else was in it', async () => {
  const [shared, own] = ['http://workers/shared', 'http://workers/own'];
  const quickSink = openSink(
    { ...scratch.store, engine: workersEngine() },
    { spoolDirectory: `${scratch.spoolDirectory}-quick` },
  );
  let isFirst = true;
  const engine = workersEngine(async () => {
    if (!isFirst) return;
    isFirst = false;
    expect(await quickSink.store([delivery(shared)])).toMatchObject([{ known: false, rows: 3 }]);
  });
  const worker = await startWorker(engine);
  const slowSink = openSink({ ...scratch.store, engine, worker }, { spoolDirectory: `${scratch.spoolDirectory}-slow` });
  const receipts = await slowSink.store([delivery(shared), delivery(own)]);
  expect(receipts).toMatchObject([{ known: true }, { known: false, rows: 3 }]);
  expect(await stored(shared)).toEqual({ closed: 1, rows: 3, orphans: 0 });
  expect(await stored(own)).toEqual({ closed: 1, rows: 3, orphans: 0 });
  await Promise.all([quickSink.close(), slowSink.close()]);
  worker.stop();
});

test('a file that another worker has closed meanwhile is left alone by ingest', async () => {
  const inside = scratch.folder();
  const paths = ['one', 'two'].map((name) => scratch.file(`${name}.log`, header + lines(4, name), inside));
  let isFirst = true;
  const engine = workersEngine(async () => {
    if (!isFirst) return;
    isFirst = false;
    await ingestFiles({ ...scratch.store, engine: workersEngine() }, paths.slice(0, 1));
  });
  expect(await ingestFiles({ ...scratch.store, engine }, paths)).toMatchObject({ files: 1, known: 1, rows: 4 });
  for (const name of ['one', 'two']) expect(await requestsUnder(`/${name}/`)).toBe(4);
});
