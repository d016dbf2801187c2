import { appendFileSync, rmSync, writeFileSync } from 'node:fs';
import { afterAll, beforeAll, beforeEach, expect, test } from 'vitest';
import type { Engine } from '../../engine/engine.ts';
import { ingestFiles } from '../../pipeline/ingest-files.ts';
import type { StoreSink } from '../../pipeline/open-sink.ts';
import { engineFailure, faultyEngine } from '../../pipeline/test-doubles/faulty-engine.ts';
import { header, lines, ScratchStore } from '../../pipeline/test-doubles/scratch-store.ts';
import { findDamage } from '../../store/find-damage.ts';
import { recoverBatches } from '../recover-batches.ts';
import { repairStore } from './repair-store.ts';
import { isSound, verifyStore } from './verify-store.ts';

let scratch: ScratchStore;
let engine: Engine;
let sink: StoreSink;

beforeAll(async () => {
  scratch = await ScratchStore.open();
  ({ engine } = scratch.store);
  sink = scratch.openSink();
});

afterAll(() => scratch?.close());

beforeEach(clear);

async function clear(): Promise<void> {
  const tables = ['requests', 'logs', 'rejects', 'tallies', 'plans', 'ledger', 'events', 'ledger_marks', 'corrections'];
  for (const table of tables) await engine.run({ sql: `TRUNCATE TABLE ${table}` });
}

async function store(...paths: readonly string[]) {
  const { failed, ...books } = await ingestFiles(scratch.store, paths);
  expect(failed).toEqual([]);
  await recoverBatches(engine);
  return books;
}

function send(origin: string, version: string, count: number) {
  const chunks = [Buffer.from('{"level":"info","time":1700000000000,"msg":"once"}\n'.repeat(count))];
  return sink.store([{ origin, version, content: { kind: 'lines', chunks } }]);
}

async function remove(table: string, condition: string): Promise<void> {
  await engine.run({ sql: `ALTER TABLE ${table} DELETE WHERE ${condition}`, settings: { mutations_sync: 2 } });
}

/** Content of books and tables, without the times of writing. */
async function everything() {
  return {
    ledger: await engine.rows({ sql: 'SELECT * EXCEPT (stored_at, batch) FROM ledger ORDER BY origin, version' }),
    ids: await engine.rows({ sql: 'SELECT request_id AS id, count() AS n FROM requests GROUP BY id ORDER BY id' }),
    logs: await engine.rows({ sql: 'SELECT filename, count() AS n FROM logs GROUP BY filename ORDER BY filename' }),
    rejects: await engine.rows({ sql: 'SELECT origin, line_number, line FROM rejects ORDER BY origin, line_number' }),
  };
}

/** Repairs a store that must be found damaged, and expects it to be sound afterwards. */
async function repair() {
  const found = await verifyStore(engine);
  expect(isSound(found)).toBe(false);
  const done = await repairStore(engine, found);
  expect(await verifyStore(engine)).toMatchObject({ parts: [], batches: [], open: [], twice: [] });
  expect(await findDamage(engine, 'opened')).toEqual([]);
  expect(await engine.rows({ sql: "SELECT name FROM events WHERE name = 'store_repaired'" })).toHaveLength(1);
  return { ...done, takenBack: done.takenBack.map(({ origin }) => origin).sort() };
}

const nothing = { restoredRows: 0, unread: [], rewrittenBatches: 0, doubledBatches: 0, takenBack: [] };

test('a store that is whole is sound, also with what a killed process left', async () => {
  await store(scratch.file('a.log', `${header}${lines(3)}`));
  await engine.run({ sql: "INSERT INTO plans (batch, object, origin) VALUES (7, 1, 'a')" });
  await engine.run({ sql: "INSERT INTO requests (time, batch) VALUES ('2026-03-01 10:00:00', 7)" });
  const found = await verifyStore(engine);
  expect(isSound(found)).toBe(true);
  expect(found).toMatchObject({ objects: 1, rows: 4, rejects: 0, open: [{ batch: '7', rows: 1, isComplete: false }] });
});

test.each([
  ['requests', "request_id = 'a-1'", { table: 'requests', promised: 5, found: 4 }],
  ['rejects', 'true', { table: 'rejects', promised: 1, found: 0 }],
])('files whose lines are gone from %s are taken back, and stored again once', async (table, condition, lack) => {
  const folder = scratch.folder();
  const paths = [
    scratch.file('a.log', `${header}${lines(5)}no line of it\n`, folder),
    scratch.file('b.log', `${header}${lines(5, 'b')}`, folder),
  ];
  await store(...paths);
  const before = await everything();
  await remove(table, condition);
  const found = await verifyStore(engine);
  expect(found.lacking).toEqual([{ origin: paths[0], ...lack }]);
  expect(await repair()).toMatchObject({ ...nothing, takenBack: paths });
  const named = await engine.rows({
    sql: "SELECT origin FROM events WHERE name = 'object_taken_back' ORDER BY origin",
  });
  expect(named).toEqual(paths.map((origin) => ({ origin })));
  expect(await store(...paths)).toMatchObject({ files: 2, known: 0 });
  expect(await everything()).toEqual(before);
});

test('what was appended to a file is taken back with what was there before', async () => {
  const path = scratch.file('grown.log', `${header}${lines(4)}`);
  await store(path);
  appendFileSync(path, lines(3, 'b'));
  await store(path);
  await remove('requests', "request_id = 'a-2'");
  expect(await repair()).toMatchObject({ ...nothing, takenBack: [path, path] });
  await store(path);
  const { ids } = await everything();
  expect(ids).toEqual(['a-0', 'a-1', 'a-2', 'a-3', 'b-0', 'b-1', 'b-2'].map((id) => ({ id, n: 1 })));
});

test('what was appended is taken back alone', async () => {
  const path = scratch.file('grown.log', `${header}${lines(4)}`);
  await store(path);
  appendFileSync(path, lines(3, 'b'));
  await store(path);
  await remove('requests', "request_id = 'b-2'");
  expect(await repair()).toMatchObject({ ...nothing, takenBack: [path] });
  expect(await store(path)).toMatchObject({ lines: 3 });
  expect((await everything()).ids).toHaveLength(7);
});

test.each([
  ['gone', (path: string) => rmSync(path)],
  ['another by now', (path: string) => writeFileSync(path, `${header}${lines(9, 'c')}`)],
])('nothing is taken back of a batch of which a file is %s', async (_, change) => {
  const folder = scratch.folder();
  const paths = [
    scratch.file('a.log', `${header}${lines(5)}`, folder),
    scratch.file('b.log', `${header}${lines(5, 'b')}`, folder),
  ];
  await store(...paths);
  await remove('requests', "request_id = 'a-1'");
  change(paths[1] ?? '');
  expect(await repair()).toMatchObject({ ...nothing, lost: new Map([['requests', 1]]) });
  expect((await everything()).ids).toHaveLength(9);
});

test('what came over HTTP and is gone is written off once; what is left of it stays', async () => {
  await send('ndjson:direct', '1', 5);
  await send('ndjson:direct', '2', 5);
  const [{ batch = 0 } = {}] = await engine.rows<{ batch: number }>({ sql: 'SELECT max(batch) AS batch FROM logs' });
  await remove('logs', `batch = ${batch}`);
  expect(await repair()).toMatchObject({ ...nothing, lost: new Map([['logs', 5]]) });
  expect(await engine.rows({ sql: 'SELECT table_name, lines FROM corrections' })).toEqual([
    { table_name: 'logs', lines: -5 },
  ]);
  expect(isSound(await verifyStore(engine))).toBe(true);
  expect(await sink.store([{ origin: 'ndjson:direct', version: '2', content: { kind: 'lines', chunks: [] } }])).toEqual(
    [expect.objectContaining({ known: true })],
  );
});

test('the newest content of an S3 object is taken back, an older one is written off', async () => {
  const put = (key: string, version: string) => send(`s3://bucket/${key}`, version, 4);
  await put('a', 'etag-1:9');
  await put('b', 'etag-1:9');
  await put('b', 'etag-2:9');
  const batchOf = async (origin: string, version: string) => {
    const [found] = await engine.rows<{ id: string }>({
      sql: 'SELECT toString(batch) AS id FROM ledger WHERE origin = {origin:String} AND version = {version:String}',
      params: { origin, version },
    });
    return found?.id ?? '';
  };
  for (const [key, version] of [
    ['a', 'etag-1:9'],
    ['b', 'etag-1:9'],
  ] as const) {
    await remove('logs', `batch = ${await batchOf(`s3://bucket/${key}`, version)}`);
  }
  expect(await repair()).toMatchObject({ ...nothing, takenBack: ['s3://bucket/a'], lost: new Map([['logs', 4]]) });
});

test('batches that the ledger has lost are written into it again as they were, and what was not complete is taken back', async () => {
  await store(scratch.file('a.log', `${header}${lines(5)}no line of it\n`), scratch.file('empty.log', `${header}`));
  await send('ndjson:direct', '1', 5);
  await recoverBatches(engine);
  const before = await everything();
  await engine.run({ sql: "INSERT INTO plans (batch, object, origin, stated_bytes) VALUES (7, 1, 'a', 100)" });
  await engine.run({ sql: "INSERT INTO requests (time, batch) VALUES ('2026-03-01 10:00:00', 7)" });
  await remove('ledger', 'true');
  await expect(recoverBatches(engine)).rejects.toThrow('the ledger is damaged');
  const done = await repair();
  expect(done).toMatchObject({ takenBack: [], lost: new Map() });
  expect(done.rewrittenBatches).toBeGreaterThan(1);
  expect(await everything()).toEqual(before);
  await recoverBatches(engine);
});

test('a ledger that has other numbers than were counted is corrected', async () => {
  await store(scratch.file('a.log', `${header}${lines(5)}no line of it\n`));
  const before = await everything();
  const zeros = 'ALTER TABLE ledger UPDATE lines = 0, rows = 0, rejected = 0, comments = 0 WHERE true';
  await engine.run({ sql: zeros, settings: { mutations_sync: 2 } });
  expect(await repair()).toMatchObject({ ...nothing, rewrittenBatches: 1 });
  expect(await everything()).toEqual(before);
});

test('rows of batches that nobody knows are removed', async () => {
  await store(scratch.file('a.log', `${header}${lines(5)}`));
  const before = await everything();
  await engine.run({ sql: "INSERT INTO requests (time, batch) VALUES ('2026-03-01 10:00:00', 7)" });
  expect(await repair()).toMatchObject(nothing);
  expect(await everything()).toEqual(before);
});

test('an object that two batches have stored is there once afterwards', async () => {
  const path = scratch.file('a.log', `${header}${lines(5)}`);
  await store(path);
  const before = await everything();
  // Like two sinks that do not know of each other.
  for (const sql of [
    'CREATE TABLE aside AS ledger',
    'INSERT INTO aside SELECT * FROM ledger',
    'TRUNCATE TABLE ledger',
  ]) {
    await engine.run({ sql });
  }
  await ingestFiles(scratch.store, [path]);
  for (const sql of ['INSERT INTO ledger SELECT * FROM aside', 'DROP TABLE aside']) await engine.run({ sql });
  expect((await verifyStore(engine)).twice).toMatchObject([{ origin: path }]);
  expect(await repair()).toMatchObject({ ...nothing, doubledBatches: 1 });
  expect(await everything()).toEqual(before);
});

/** A repair writes some 25 statements, and each one that is tried costs a repair; 1 tries them all. */
const stride = Number(process.env.TAILRACE_REPAIR_STRIDE ?? 12);

test('a repair that is cut short anywhere loses nothing, and comes to its end later', async () => {
  const path = scratch.file('a.log', `${header}${lines(5)}no line of it\n`);
  const counts: number[] = [];
  for (let fault = 1, isOver = false; !isOver; fault += stride) {
    await clear();
    await store(path);
    await send('ndjson:direct', `wrong ${fault}`, 3);
    await send('ndjson:direct', `lost ${fault}`, 4);
    await recoverBatches(engine);
    const before = await everything();
    await remove('requests', "request_id = 'a-1'");
    const settings = { mutations_sync: 2 };
    const wrong = `ALTER TABLE ledger UPDATE lines = 0, rows = 0, log_rows = 0 WHERE version LIKE 'wrong%'`;
    await engine.run({ sql: wrong, settings });
    await remove('logs', `batch IN (SELECT batch FROM ledger WHERE version LIKE 'lost%')`);
    let statements = 0;
    const cut = faultyEngine(engine, (sql) =>
      /^\s*(INSERT|ALTER)/.test(sql) && ++statements === fault ? { when: 'before', error: engineFailure() } : undefined,
    );
    isOver = await repairStore(cut, await verifyStore(engine)).then(
      () => true,
      () => false,
    );
    counts.push(statements);
    // What the next process that stores would do.
    await recoverBatches(engine).catch((error: Error) => expect(error.message).toContain('the ledger is damaged'));
    if (!isOver) await repairStore(engine, await verifyStore(engine));
    expect(await findDamage(engine, 'opened')).toEqual([]);
    await store(path);
    expect({ fault, ...(await everything()) }).toEqual({
      fault,
      ...before,
      logs: [{ filename: 'ndjson:direct', n: 3 }],
    });
  }
  expect(Math.max(...counts)).toBeGreaterThan(10);
});
