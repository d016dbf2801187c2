import { mkdtempSync, readdirSync, readFileSync, rmSync } from 'node:fs';
import { getPriority, tmpdir } from 'node:os';
import { join } from 'node:path';
import { afterAll, beforeAll, expect, test } from 'vitest';
import type { Engine } from '../engine.ts';
import { openEmbedded } from './open-embedded.ts';

const limits = { maxSeconds: 5, maxMemoryBytes: 1e9, maxResultRows: 1000 };
let store: string;
let engine: Engine;
beforeAll(async () => {
  store = mkdtempSync(join(tmpdir(), 'tailrace-merges-'));
  engine = await openEmbedded(store, { limits, task: 'many lines' });
  await engine.run({ sql: 'CREATE TABLE t (n UInt8) ENGINE = MergeTree ORDER BY n' });
});
afterAll(async () => {
  await engine.close();
  rmSync(store, { recursive: true, force: true });
});

const isLinux = process.platform === 'linux';
if (!isLinux) console.info('skipped: the priority of merges, which threads have of their own on Linux only');

test.runIf(isLinux)('merges have a lower priority than everything else', () => {
  const threads = engineThreads();
  const merging = threads.filter(({ name }) => name === 'MergeMutate');
  expect(merging).not.toEqual([]);
  for (const { priority } of merging) expect(priority).toBe(getPriority() + 12);
  expect(threads.filter(({ priority }) => priority > getPriority())).toEqual(merging);
});

test('a process that ends soon leaves the parts of a partition to others, until they are many', async () => {
  let inserts = 0;
  let merged = 0;
  while (merged === 0 && inserts < 200) {
    await engine.run({ sql: 'INSERT INTO t VALUES (1)' });
    inserts++;
    merged = (await partsOf('t')).filter(({ level }) => level > 0).length;
  }
  expect(merged).toBeGreaterThan(0);
  expect(inserts).toBeGreaterThanOrEqual(40);
});

test('an insert writes one file for all columns, however large; a merge writes files for each', async () => {
  await engine.run({ sql: 'CREATE TABLE wide (line String) ENGINE = MergeTree ORDER BY ()' });
  for (const _ of [1, 2]) await engine.run({ sql: "INSERT INTO wide SELECT repeat('x', 1000) FROM numbers(20000)" });
  expect(await partsOf('wide')).toEqual(Array(2).fill({ level: 0, type: 'Compact' }));
  await engine.run({ sql: 'OPTIMIZE TABLE wide FINAL' });
  expect(await partsOf('wide')).toEqual([{ level: 1, type: 'Wide' }]);
});

test.runIf(isLinux)('of a deletion, what rewrites parts has the priority of everything else', async () => {
  await engine.close();
  engine = await openEmbedded(store, { limits, task: 'deletion' });
  await engine.run({ sql: 'ALTER TABLE t DELETE WHERE n = 1', settings: { mutations_sync: 2 } });
  expect(await engine.rows({ sql: 'SELECT n FROM t' })).toEqual([]);
  const threads = engineThreads();
  expect(threads.map(({ name }) => name)).toContain('MergeMutate');
  expect(threads.filter(({ priority }) => priority > getPriority())).toEqual([]);
});

function partsOf(table: string): Promise<{ level: number; type: string }[]> {
  return engine.rows({
    sql: 'SELECT level, part_type AS type FROM system.parts WHERE table = {table:String} AND active',
    params: { table },
  });
}

/** Those of the processes that this one started. */
function engineThreads(): { name: string; priority: number }[] {
  return readdirSync('/proc/self/task')
    .flatMap((thread) => readFileSync(`/proc/self/task/${thread}/children`, 'utf8').split(' ').filter(Boolean))
    .flatMap((child) => readdirSync(`/proc/${child}/task`).map((thread) => `/proc/${child}/task/${thread}`))
    .map((path) => ({
      name: readFileSync(`${path}/comm`, 'utf8').trim(),
      priority: getPriority(Number(path.split('/').at(-1))),
    }));
}
