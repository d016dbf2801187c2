import { mkdtemp, readdir, rm } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { fileURLToPath } from 'node:url';
import { afterAll, beforeAll, expect, test } from 'vitest';
import { ingestFiles } from '../../src/pipeline/ingest-files.ts';
import { openStore, type Store } from '../../src/store/open-store.ts';
import { copyPreparedStore } from '../prepared-store.ts';
import { expectations } from './expectations.ts';
import { notYet } from './not-yet.ts';
import { writtenExpectations } from './written-expectations.ts';

/** The files of testdata are stored together, and each is compared with its entry in the table of expectations. */
const folder = fileURLToPath(new URL('testdata/', import.meta.url));
const expected = { ...expectations, ...writtenExpectations };
let store: Store;
let directory: string;
let problems: ReadonlyMap<string, string>;

beforeAll(async () => {
  directory = await mkdtemp(join(tmpdir(), 'tailrace-cases-'));
  store = await openStore({ directory: copyPreparedStore(directory) });
  const paths = (await readdir(folder)).map((name) => join(folder, name));
  const { failed } = await ingestFiles(store, paths);
  problems = new Map(failed.map(({ path, problem }) => [path, problem]));
});

afterAll(async () => {
  await store?.close();
  await rm(directory, { recursive: true, force: true });
});

test('every input has one entry', async () => {
  const named = [...Object.keys(expected), ...Object.keys(notYet)].sort();
  expect(named).toEqual((await readdir(folder)).sort());
});

test.each(Object.entries(expected))('%s', async (name, { refused, requests = [], logs = [], rejected = [] }) => {
  const problem = problems.get(join(folder, name));
  expect(problem).toEqual(refused === undefined ? undefined : expect.stringContaining(refused));
  const stored = { requests: await rowsOf('requests', name), logs: await rowsOf('logs', name) };
  expect(stored.requests).toEqual(requests.map((row) => expect.objectContaining(row)));
  expect(stored.logs).toEqual(logs.map((row) => expect.objectContaining(row)));
  expect(await rejectsOf(name)).toEqual(rejected);
});

test.each(Object.entries(notYet))('of %s nothing is lost, though it is not read as what it is: %s', async (name) => {
  const books = await store.engine.rows<{ lines: number; accounted: number }>({
    sql: `SELECT sum(lines) AS lines, sum(rows + rejected + comments) AS accounted FROM ledger
          WHERE origin = {origin:String}`,
    params: { origin: join(folder, name) },
  });
  expect(books[0]?.accounted).toBe(books[0]?.lines);
  expect(problems.has(join(folder, name)) || Number(books[0]?.lines) > 0).toBe(true);
});

async function rowsOf(table: 'requests' | 'logs', filename: string): Promise<Record<string, unknown>[]> {
  const [inner, second] = table === 'requests' ? ['extra', 'path'] : ['attributes', 'message'];
  const rows = await store.engine.rows<Record<string, unknown>>({
    sql: `SELECT * FROM ${table} WHERE filename = {filename:String} ORDER BY time, ${second}`,
    params: { filename },
  });
  // What is in a map is named as SQL names it.
  return rows.map((row) => ({
    ...row,
    ...Object.fromEntries(Object.entries(row[inner] as object).map(([key, value]) => [`${inner}.${key}`, value])),
  }));
}

async function rejectsOf(name: string): Promise<[line: number, reason: string][]> {
  const rows = await store.engine.rows<{ line: number; reason: string }>({
    sql: 'SELECT line_number AS line, reason FROM rejects WHERE origin = {origin:String} ORDER BY line_number',
    params: { origin: join(folder, name) },
  });
  return rows.map(({ line, reason }) => [line, reason]);
}
