import { join } from 'node:path';
import fc from 'fast-check';
import { afterEach, expect, test } from 'vitest';
import { patienceMs } from '../../test/patience.ts';
import { ScratchStore } from '../pipeline/test-doubles/scratch-store.ts';
import type { CompiledQuery } from './compile-query.ts';
import { LightStore } from './test-doubles/light-store.ts';
import { ReferenceWindows } from './test-doubles/reference-windows.ts';
import { type PrepareQuery, prepareQuery, runScenario } from './test-doubles/scenario.ts';
import type { WindowShape } from './window-query.ts';

/**
 * Streams of rows. TAILRACE_WINDOWS_CASES makes it a campaign; TAILRACE_WINDOWS_SEED repeats one.
 *
 * Streams of one scenario have rows and viewers of their own, and share its watermark, restarts, kills and batches that are taken
 * back: statements cost the same whatever rows they are about.
 */
const cases = Number(process.env.TAILRACE_WINDOWS_CASES ?? 24);
const seed = Number(process.env.TAILRACE_WINDOWS_SEED ?? Date.now() % 1_000_000);
const streamCounts = [1, 8, 32];
const scenarios = Math.ceil(cases / (streamCounts.reduce((sum, count) => sum + count) / streamCounts.length));
/** One scenario of so many has tables on disk. */
const onDiskEvery = 50;

const dayMs = Date.UTC(2026, 2, 1);
const clock = (ms: number) => new Date(dayMs + ms).toISOString().slice(11, 23);

const row = (streams: number) =>
  fc.record({
    // Behind the clock; a few in the future, and of another day.
    behindMs: fc.oneof(
      { weight: 20, arbitrary: fc.integer({ min: 0, max: 20_000 }) },
      { weight: 3, arbitrary: fc.integer({ min: 20_000, max: 90_000 }) },
      { weight: 1, arbitrary: fc.integer({ min: -100_000, max: 0 }) },
      { weight: 1, arbitrary: fc.constant(-2 * 86_400_000) },
    ),
    stream: fc.nat({ max: streams - 1 }),
    viewer: fc.constantFrom('v1', 'v2', 'v3'),
    bytes: fc.integer({ min: 0, max: 9 }),
  });
const rows = (streams: number, most: number) => fc.array(row(streams), { minLength: 1, maxLength: most * streams });
const step = (streams: number) =>
  fc.oneof(
    {
      weight: 8,
      arbitrary: fc.record({
        kind: fc.constant('load'),
        feed: fc.constantFrom('a', 'b', 'c'),
        rows: rows(streams, 5),
      }),
    },
    { weight: 5, arbitrary: fc.record({ kind: fc.constant('at'), afterMs: fc.integer({ min: 0, max: 15_000 }) }) },
    {
      weight: 2,
      arbitrary: fc.record({ kind: fc.constant('take back'), feed: fc.constant('a'), rows: rows(streams, 3) }),
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
const steps = (streams: number) => fc.array(step(streams), { minLength: 4, maxLength: 24 });
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
  made: fc
    .constantFrom(...streamCounts)
    .chain((streams) => fc.record({ streams: fc.constant(streams), steps: steps(streams) })),
});
type Scenario = typeof scenario extends fc.Arbitrary<infer T> ? T : never;

/** One process opens one store: they take turns, so that stores are new ones too. */
let store: ScratchStore | LightStore | undefined;
afterEach(() => store?.close());

test(
  `windows are those of the reference over random streams (seed ${seed})`,
  async () => {
    let [ran, streams] = [0, 0];
    await fc.assert(
      fc.asyncProperty(scenario, async (one) => {
        const text = writeScenario(one);
        expect(await (ran % onDiskEvery === 0 ? runOnDisk(text) : runInMemory(text))).toBe(text);
        ran++;
        streams += one.made.streams;
        if (ran % 100 === 0) console.info(`${streams} streams in ${ran} scenarios agree (seed ${seed})`);
      }),
      { numRuns: scenarios, seed, endOnFailure: cases > 1000 },
    );
    console.info(`${streams} streams in ${ran} scenarios agree with the reference (seed ${seed})`);
  },
  // A scenario takes seconds of a busy machine.
  scenarios * patienceMs,
);

async function runOnDisk(text: string): Promise<string> {
  await store?.close();
  const opened = await ScratchStore.open();
  store = opened;
  return runScenario(opened.store.engine, join(opened.root, 'store', 'spool', 'windows'), text);
}

/** Compiling a query costs more than the rest of a scenario. */
const prepared = new Map<string, CompiledQuery>();

async function runInMemory(text: string): Promise<string> {
  if (!(store instanceof LightStore)) {
    await store?.close();
    store = await LightStore.open();
  }
  await store.clear();
  const prepare: PrepareQuery = async (engine, query) => {
    const known = prepared.get(query.name) ?? (await prepareQuery(engine, query));
    prepared.set(query.name, known);
    return known;
  };
  return runScenario(store.engine, store.spoolDirectory, text, prepare);
}

/** The scenario with what the reference expects. */
function writeScenario({ window, latenessMs, disorderMs, isIncremental, made }: Scenario): string {
  const reference = new ReferenceWindows({ window, latenessMs, disorderMs, idleMs: 10_000 });
  const plain =
    'SELECT client_ip AS viewer, count() AS requests, sum(bytes_sent) AS bytes FROM requests GROUP BY viewer ORDER BY viewer';
  const sql = isIncremental ? plain : `SELECT * FROM (${plain}) ORDER BY viewer`;
  const rules = `${writeShape(window)} lateness ${latenessMs / 1000}s disorder ${disorderMs / 1000}s idle 10s`;
  const lines = [`query ${`${rules} ${isIncremental}`.replaceAll(/\W/g, '_')} ${rules}: ${sql}`];
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
  for (const step of [...made.steps, { kind: 'restart' }, { kind: 'at', afterMs: 200_000 }] as readonly Step[]) {
    if (step.kind === 'at') {
      steadyMs += step.afterMs ?? 0;
      at(step.afterMs ?? 0);
    } else if (step.kind === 'restart') {
      reference.restart(steadyMs);
      lines.push('restart');
    } else if (step.kind === 'killed') {
      const isFold = ['window_panes', 'window_states', 'window_folds'].includes(step.table ?? '');
      // Without states the statement never comes.
      const isNever = step.table === 'window_states' && !isIncremental;
      reference.restart(steadyMs, isNever ? undefined : isFold ? 'folds' : 'emissions');
      lines.push(`killed before INSERT INTO ${step.table}`);
    } else {
      const rows = (step.rows ?? []).map(({ behindMs, stream, viewer, bytes }) => ({
        timeMs: dayMs + nowMs - behindMs,
        viewer: `s${stream}${viewer}`,
        bytes,
      }));
      const written = rows.map(
        ({ timeMs, viewer, bytes }) => `${new Date(timeMs).toISOString().slice(0, 23)} ${viewer} ${bytes}`,
      );
      look();
      lines.push(`${step.kind} ${step.feed}: ${written.join(', ')}`);
      if (step.kind === 'load') reference.load(step.feed ?? '', rows);
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
  readonly rows?: readonly {
    readonly behindMs: number;
    readonly stream: number;
    readonly viewer: string;
    readonly bytes: number;
  }[];
}
