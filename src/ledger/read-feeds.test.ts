import { mkdtemp, rm } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { afterAll, beforeAll, expect, it } from 'vitest';
import { copyPreparedStore } from '../../test/prepared-store.ts';
import { openStore, type Store } from '../store/open-store.ts';
import { readFeeds } from './read-feeds.ts';

let directory: string;
let store: Store;

beforeAll(async () => {
  directory = await mkdtemp(join(tmpdir(), 'tailrace-feeds-'));
  store = await openStore({ directory: copyPreparedStore(directory) });
});

afterAll(async () => {
  await store?.close();
  await rm(directory, { recursive: true, force: true });
});

it('tells how often lines usually come, whatever comes together', async () => {
  // Three objects each minute for 20 minutes until an hour ago; two pipelines about which little is known; files of a command.
  await store.engine.run({
    sql: `
      INSERT INTO ledger (batch, object, origin, pipeline, stored_at)
      WITH toStartOfMinute(now()) AS minute
      SELECT number, 1, toString(number), 'edge', minute - 3600 - 60 * intDiv(number, 3) FROM numbers(60)
      UNION ALL SELECT 100 + number, 1, 'n', 'new', minute - 60 * number FROM numbers(3)
      UNION ALL SELECT 200 + number, 1, 'o', 'old', minute - 86400 * (8 + number) FROM numbers(10)
      UNION ALL SELECT 300 + number, 1, 'c', '', minute - 60 * number FROM numbers(10)`,
  });
  const feeds = await readFeeds(store.engine);
  const known = Object.fromEntries(feeds.map(({ pipeline, ...feed }) => [pipeline, feed]));
  expect(Object.keys(known).sort()).toEqual(['edge', 'new']);
  expect(known.edge?.usualGapMs).toBe(60_000);
  expect(known.new?.usualGapMs).toBeNull();
  const ageMs = Date.now() - (known.edge?.lastStoredAtMs ?? 0);
  expect(Math.floor(ageMs / 60_000)).toBeGreaterThanOrEqual(60);
  expect(ageMs / 60_000).toBeLessThan(65);
});
