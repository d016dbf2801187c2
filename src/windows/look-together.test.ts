import { join } from 'node:path';
import { afterAll, beforeAll, expect, test } from 'vitest';
import { newBatchId } from '../ledger/batch-id.ts';
import { ScratchStore } from '../pipeline/test-doubles/scratch-store.ts';
import { compileQuery } from './compile-query.ts';
import { lookTogether } from './look-together.ts';
import { RunningQuery } from './run-query.ts';
import { closeRows, storeRows } from './test-doubles/loaded-batches.ts';
import type { WindowQuery, WindowShape } from './window-query.ts';

const startMs = Date.UTC(2026, 2, 1, 12);
const plain = 'SELECT client_ip AS viewer, count() AS requests FROM requests GROUP BY viewer ORDER BY viewer';
const shapes: readonly [name: string, window: WindowShape, sql: string][] = [
  ['seconds', { type: 'tumbling', sizeMs: 2000 }, plain],
  ['filtered', { type: 'tumbling', sizeMs: 2000 }, plain.replace('GROUP', 'WHERE bytes_sent > 3 GROUP')],
  ['hopping', { type: 'hopping', sizeMs: 6000, everyMs: 2000 }, `SELECT * FROM (${plain}) ORDER BY viewer`],
  ['visits', { type: 'session', gapMs: 3000, longestMs: 86_400_000, key: ['client_ip'] }, plain],
];

let scratch: ScratchStore;
beforeAll(async () => {
  scratch = await ScratchStore.open();
});
afterAll(() => scratch.close());

test('queries that look together emit what each emits by itself', async () => {
  const { engine } = scratch.store;
  const context = { engine, worker: '', spoolDirectory: join(scratch.root, 'store', 'spool', 'windows') };
  let nowMs = startMs;
  const clocks = { now: () => nowMs, steady: () => nowMs - startMs };
  const open = async (prefix: string, [name, window, sql]: (typeof shapes)[number]) => {
    const query: WindowQuery = {
      ...{
        name: `${prefix}_${name}`,
        window,
        sql,
        from: 'requests',
        latenessMs: 8000,
        disorderMs: 1000,
        idleMs: 10_000,
      },
      ...{ keepMs: 3_650 * 86_400_000, rebuildMs: 3_600_000, outputs: [] },
    };
    return RunningQuery.open(engine, await compileQuery(engine, query), clocks);
  };
  const together: RunningQuery[] = [];
  const alone: RunningQuery[] = [];
  for (const shape of shapes) {
    together.push(await open('together', shape));
    alone.push(await open('alone', shape));
  }
  const look = async () => {
    while ((await lookTogether(context, together)).includes(true));
    for (const query of alone) while ((await lookTogether(context, [query])).includes(true));
  };
  // The last one joins sessions, corrects windows and has a row that comes too late.
  for (const behindMs of [[0, 500], [0, 1500, 4000], [0], [3000, 9000, 30_000]]) {
    nowMs += 5000;
    const rows = behindMs.map((ms, index) => ({ timeMs: nowMs - ms, viewer: `v${index % 2}`, bytes: index * 3 }));
    const batch = newBatchId(nowMs);
    await storeRows(engine, batch, rows);
    await closeRows(engine, batch, 'edge', rows);
    await look();
  }
  nowMs += 60_000;
  await look();
  const emitted = async (prefix: string) =>
    engine.rows({
      sql: `
        SELECT substring(e.query, length({prefix:String}) + 2) AS name, e.sequence AS sequence, e.window_start AS start, e.window_end AS end, e.key AS key,
          e.correction AS correction, e.source_rows AS source_rows, e.rows AS rows,
          arrayMap(found -> found.2, arraySort(groupArray((r.number, r.row)))) AS result
        FROM window_emissions AS e
        LEFT JOIN window_results AS r ON r.version = e.version AND r.emission = e.emission AND r.window_start = e.window_start AND r.key = e.key
        WHERE startsWith(e.query, {prefix:String})
        GROUP BY ALL
        ORDER BY name, sequence`,
      params: { prefix },
    });
  const expected = await emitted('alone');
  expect(expected.length).toBeGreaterThan(4 * shapes.length);
  expect(await emitted('together')).toEqual(expected);
  expect(together.map(({ counts }) => counts)).toEqual(alone.map(({ counts }) => counts));
  expect(alone.map(({ counts }) => counts.dropped)).toEqual([1, 1, 1, 1]);
});
