import { join } from 'node:path';
import fc from 'fast-check';
import { afterAll, beforeAll, expect, test } from 'vitest';
import { patienceMs } from '../../test/patience.ts';
import { ScratchStore } from '../pipeline/test-doubles/scratch-store.ts';
import { ReferenceWindows } from './test-doubles/reference-windows.ts';
import { runScenario } from './test-doubles/scenario.ts';
import type { WindowShape } from './window-query.ts';

/** TAILRACE_WINDOWS_CASES makes it a campaign; TAILRACE_WINDOWS_SEED repeats one. */
const cases = Number(process.env.TAILRACE_WINDOWS_CASES ?? 4);
const seed = Number(process.env.TAILRACE_WINDOWS_SEED ?? Date.now() % 1_000_000);

const dayMs = Date.UTC(2026, 2, 1);
const clock = (ms: number) => new Date(dayMs + ms).toISOString().slice(11, 23);

const row = fc.record({
  // Behind the clock; a few in the future, and of another day.
  behindMs: fc.oneof(
    { weight: 20, arbitrary: fc.integer({ min: 0, max: 20_000 }) },
    { weight: 3, arbitrary: fc.integer({ min: 20_000, max: 90_000 }) },
    { weight: 1, arbitrary: fc.integer({ min: -100_000, max: 0 }) },
    { weight: 1, arbitrary: fc.constant(-2 * 86_400_000) },
  ),
  viewer: fc.constantFrom('v1', 'v2', 'v3'),
  bytes: fc.integer({ min: 0, max: 9 }),
});
const load = fc.record({
  kind: fc.constant('load'),
  feed: fc.constantFrom('a', 'b', 'c'),
  rows: fc.array(row, { minLength: 1, maxLength: 5 }),
});
const step = fc.oneof(
  { weight: 8, arbitrary: load },
  { weight: 5, arbitrary: fc.record({ kind: fc.constant('at'), afterMs: fc.integer({ min: 0, max: 15_000 }) }) },
  {
    weight: 2,
    arbitrary: fc.record({
      kind: fc.constant('take back'),
      feed: fc.constant('a'),
      rows: fc.array(row, { minLength: 1, maxLength: 3 }),
    }),
  },
  { weight: 2, arbitrary: fc.record({ kind: fc.constant('restart') }) },
  {
    weight: 2,
    arbitrary: fc.record({
      kind: fc.constant('killed'),
      table: fc.constantFrom('window_panes', 'window_states', 'window_folds', 'window_results', 'window_emissions'),
    }),
  },
);
const scenario = fc.record({
  window: fc.constantFrom(
    ...([
      { type: 'tumbling', sizeMs: 10_000 },
      { type: 'tumbling', sizeMs: 7_000 },
      { type: 'hopping', sizeMs: 20_000, everyMs: 5_000 },
      { type: 'hopping', sizeMs: 9_000, everyMs: 6_000 },
      { type: 'session', gapMs: 5_000, longestMs: 86_400_000, key: ['client_ip'] },
      { type: 'session', gapMs: 4_000, longestMs: 30_000, key: ['client_ip'] },
    ] satisfies WindowShape[]),
  ),
  latenessMs: fc.constantFrom(0, 10_000, 30_000),
  disorderMs: fc.constantFrom(0, 2_000),
  isIncremental: fc.boolean(),
  steps: fc.array(step, { minLength: 4, maxLength: 24 }),
});
type Scenario = typeof scenario extends fc.Arbitrary<infer T> ? T : never;

let scratch: ScratchStore;
let names = 0;
beforeAll(async () => {
  scratch = await ScratchStore.open();
});
afterAll(() => scratch.close());

test(
  `windows are those of the reference over random streams (seed ${seed})`,
  async () => {
    await fc.assert(
      fc.asyncProperty(scenario, async (made) => {
        const text = writeScenario(made);
        const { engine } = scratch.store;
        for (const table of ['requests', 'ledger', 'plans']) await engine.run({ sql: `TRUNCATE TABLE ${table}` });
        expect(await runScenario(engine, join(scratch.root, 'store', 'spool', 'windows'), text)).toBe(text);
      }),
      { numRuns: cases, seed, endOnFailure: cases > 100 },
    );
    // A case takes seconds of a busy machine.
  },
  cases * patienceMs,
);

/** The scenario with what the reference expects. */
function writeScenario({ window, latenessMs, disorderMs, isIncremental, steps }: Scenario): string {
  const reference = new ReferenceWindows({ window, latenessMs, disorderMs, idleMs: 10_000 });
  const plain =
    'SELECT client_ip AS viewer, count() AS requests, sum(bytes_sent) AS bytes FROM requests GROUP BY viewer ORDER BY viewer';
  const sql = isIncremental ? plain : `SELECT * FROM (${plain}) ORDER BY viewer`;
  const lines = [
    `query random_${++names} ${writeShape(window)} lateness ${latenessMs / 1000}s disorder ${disorderMs / 1000}s idle 10s: ${sql}`,
  ];
  let nowMs = 43_200_000;
  let steadyMs = 0;
  const pending: string[] = [];
  const look = () => pending.push(...reference.look(dayMs + nowMs, steadyMs));
  const at = (afterMs: number) => {
    nowMs += afterMs;
    lines.push(`at ${clock(nowMs)}`);
    look();
  };
  // The clock of a scenario begins at midnight.
  steadyMs += nowMs;
  at(0);
  for (const made of [...steps, { kind: 'restart' }, { kind: 'at', afterMs: 200_000 }] as readonly Step[]) {
    if (made.kind === 'at') {
      steadyMs += made.afterMs ?? 0;
      at(made.afterMs ?? 0);
    } else if (made.kind === 'restart') {
      reference.restart(steadyMs);
      lines.push('restart');
    } else if (made.kind === 'killed') {
      const isFold = ['window_panes', 'window_states', 'window_folds'].includes(made.table ?? '');
      // Without states the statement never comes.
      const isNever = made.table === 'window_states' && !isIncremental;
      reference.restart(steadyMs, isNever ? undefined : isFold ? 'folds' : 'emissions');
      lines.push(`killed before INSERT INTO ${made.table}`);
    } else {
      const rows = (made.rows ?? []).map(({ behindMs, viewer, bytes }) => ({
        timeMs: dayMs + nowMs - behindMs,
        viewer,
        bytes,
      }));
      const written = rows.map(
        ({ timeMs, viewer, bytes }) => `${new Date(timeMs).toISOString().slice(0, 23)} ${viewer} ${bytes}`,
      );
      look();
      lines.push(`${made.kind} ${made.feed}: ${written.join(', ')}`);
      if (made.kind === 'load') reference.load(made.feed ?? '', rows);
      look();
    }
    lines.push('expect', ...pending.splice(0).map((line) => `  ${line}`));
  }
  return lines.join('\n');
}

function writeShape(window: WindowShape): string {
  if (window.type === 'session')
    return `session ${window.gapMs / 1000}s longest ${window.longestMs / 1000}s key ${window.key.join(' ')}`;
  const size = `${window.type} ${window.sizeMs / 1000}s`;
  return window.type === 'hopping' ? `${size} every ${window.everyMs / 1000}s` : size;
}

interface Step {
  readonly kind: string;
  readonly afterMs?: number;
  readonly table?: string;
  readonly feed?: string;
  readonly rows?: readonly { readonly behindMs: number; readonly viewer: string; readonly bytes: number }[];
}
