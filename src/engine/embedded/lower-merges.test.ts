import { mkdtempSync, readdirSync, readFileSync, rmSync } from 'node:fs';
import { getPriority, tmpdir } from 'node:os';
import { join } from 'node:path';
import { expect, test } from 'vitest';
import { openEmbedded } from './open-embedded.ts';

const isLinux = process.platform === 'linux';
if (!isLinux) console.info('skipped: the priority of merges, which threads have of their own on Linux only');

test.runIf(isLinux)('merges have a lower priority than everything else', async () => {
  const store = mkdtempSync(join(tmpdir(), 'tailrace-merges-'));
  const engine = await openEmbedded(store, { limits: { maxSeconds: 5, maxMemoryBytes: 1e9, maxResultRows: 1000 } });
  await engine.run({ sql: 'CREATE TABLE t (n UInt8) ENGINE = MergeTree ORDER BY n' });
  const threads = engineThreads();
  await engine.close();
  rmSync(store, { recursive: true, force: true });
  const merging = threads.filter(({ name }) => name === 'MergeMutate');
  expect(merging).not.toEqual([]);
  for (const { priority } of merging) expect(priority).toBe(getPriority() + 12);
  expect(threads.filter(({ priority }) => priority > getPriority())).toEqual(merging);
});

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
