import { mkdtemp, rm } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { afterAll, beforeAll, expect, it } from 'vitest';
import { copyPreparedStore } from '../../test/prepared-store.ts';
import { openStore, type Store } from '../store/open-store.ts';
import { maxNames, readLastEvent, readStoreRange } from './store-range.ts';

let directory: string;
let store: Store;

beforeAll(async () => {
  directory = await mkdtemp(join(tmpdir(), 'tailrace-reports-'));
  store = await openStore({ directory: copyPreparedStore(directory) });
});

afterAll(async () => {
  await store?.close();
  await rm(directory, { recursive: true, force: true });
});

it('says that an empty store is empty', async () => {
  expect(await readLastEvent(store.engine)).toBeNull();
  expect(await readStoreRange(store.engine, Date.UTC(2026, 0, 2, 3, 4, 5, 6))).toEqual({
    now: '2026-01-02 03:04:05.006',
    firstTime: null,
    firstLogTime: null,
    lastLogTime: null,
    lastTime: null,
    lastStoredAt: null,
    rows: 0,
    future: 0,
    logRows: 0,
    rejected: 0,
    distributions: [],
    hosts: [],
  });
});

it('tells what is there, the busiest names first and not without end', async () => {
  await store.engine.run({
    sql: `
      INSERT INTO requests (time, host, distribution, sampling_rate)
      SELECT
        toDateTime64('2014-05-23 01:00:00', 3, 'UTC') + number, if(number < 3, 'busy', toString(number)),
        if(number = 0, '', 'E1'), 100
      FROM numbers(300)`,
  });
  await store.engine.run({ sql: "INSERT INTO rejects (at, origin, line) VALUES (now(), 'a', 'x')" });
  const range = await readStoreRange(store.engine);
  expect(range).toMatchObject({
    firstTime: '2014-05-23 01:00:00.000',
    lastTime: '2014-05-23 01:04:59.000',
    rows: 300,
    rejected: 1,
    distributions: ['E1'],
  });
  expect(range.hosts[0]).toBe('busy');
  expect(range.hosts).toHaveLength(maxNames);
  expect(await readLastEvent(store.engine)).toBe('2014-05-23 01:04:59.000');
});

it('counts what is dated in the future, and ends with what is not', async () => {
  const nowMs = Date.UTC(2014, 4, 23, 1, 2, 10);
  // The minute of 01:02 has begun; 01:03:00 to 01:04:59 have not.
  expect(await readStoreRange(store.engine, nowMs)).toMatchObject({
    firstTime: '2014-05-23 01:00:00.000',
    lastTime: '2014-05-23 01:02:59.000',
    rows: 300,
    future: 120,
  });
  expect(await readLastEvent(store.engine, 'requests', nowMs)).toBe('2014-05-23 01:02:59.000');
  expect(await readStoreRange(store.engine, Date.UTC(2010, 0))).toMatchObject({
    firstTime: null,
    lastTime: null,
    rows: 300,
    future: 300,
  });
});
