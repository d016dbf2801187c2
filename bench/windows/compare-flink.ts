import { mkdir, writeFile } from 'node:fs/promises';
import { join } from 'node:path';
import type { Engine } from '../../src/engine/engine.ts';
import { openEngine } from '../../src/engine/open-engine.ts';
import { classicQueries } from '../../src/windows/classic-queries.ts';
import { compileQuery, explainTree } from '../../src/windows/compile-query.ts';
import { flinkSql } from '../../src/windows/flink-sql.ts';
import type { Finding } from '../findings.ts';
import { assertSameBytes, type EmittedWindow, type Latencies, latenciesOf } from './emitted-windows.ts';
import { startFlink } from './flink/flink-program.ts';
import { type LiveRun, type Rate, runAtRate, viewers } from './run-at-rate.ts';
import { WindowWorker } from './window-worker.ts';

/** What one program took for the three queries over the same lines at the same rate. */
export interface LiveResult {
  readonly name: string;
  readonly cpuSeconds: number;
  readonly peakBytes: number;
  readonly latencies: Latencies;
  /** Of windows of a minute; absent when none ended while it was measured. */
  readonly minute?: Latencies;
}

export interface Comparison {
  readonly results: readonly LiveResult[];
  readonly findings: readonly Finding[];
}

/** The program, and then Flink with what `tailrace windows flink` prints for the same queries. */
export async function compareFlink(work: string, rate: Rate): Promise<Comparison> {
  const { result: ours, flinkQueries } = await runOwn(join(work, 'own'), rate);
  const flink = await runFlink(join(work, 'flink'), rate, flinkQueries);
  const against = (what: string, of: (result: LiveResult) => number, text: (value: number) => string): Finding => ({
    name: `${what} against Flink`,
    value: of(ours) / of(flink),
    unit: '×',
    from: `${text(of(ours))} against ${text(of(flink))}`,
  });
  return {
    results: [ours, flink],
    findings: [
      against('lines handed over until rows are visible, p99,', ({ latencies }) => latencies.p99, milliseconds),
      against('CPU time of the three queries', ({ cpuSeconds }) => cpuSeconds, seconds),
      against('memory of the three queries', ({ peakBytes }) => peakBytes, megabytes),
    ],
  };
}

const milliseconds = (value: number) => `${Math.round(value)} ms`;
const seconds = (value: number) => `${value.toFixed(1)} s`;
const megabytes = (bytes: number) => `${Math.round(bytes / 1e6)} MB`;

interface OwnRun {
  readonly result: LiveResult;
  readonly flinkQueries: Readonly<Record<string, string>>;
}

async function runOwn(directory: string, rate: Rate): Promise<OwnRun> {
  const log = await emptyLog(directory);
  const store = join(directory, 'store');
  const logs = { path: log, format: 'cloudfront-realtime' } as const;
  const worker = await WindowWorker.start(join(directory, 'tailrace.yaml'), { store, logs, hasWindows: true });
  const run = await runAtRate(worker, log, rate);
  const engine = await openEngine({ directory: store });
  try {
    const result = await resultOf('Tailrace', log, run, await readEmitted(engine));
    return { result, flinkQueries: await translate(engine) };
  } finally {
    await engine.close();
  }
}

function readEmitted(engine: Engine): Promise<EmittedWindow[]> {
  const sums = classicQueries.map(
    ({ name }) => `SELECT '${name}' AS query, window_end, sum(bytes) AS bytes FROM windows_${name} GROUP BY window_end`,
  );
  return engine.rows<EmittedWindow>({
    sql: `
      SELECT query, toUnixTimestamp64Milli(window_end) AS endMs, toUnixTimestamp64Milli(emitted_at) AS visibleMs, bytes
      FROM window_emissions INNER JOIN (${sums.join(' UNION ALL ')}) AS sums USING (query, window_end)
      WHERE correction = 0`,
  });
}

async function translate(engine: Engine): Promise<Record<string, string>> {
  const queries: Record<string, string> = {};
  for (const query of classicQueries) {
    const compiled = await compileQuery(engine, query);
    queries[query.name] = flinkSql(compiled, await explainTree(engine, compiled.sql)).query?.replace(/;$/, '') ?? '';
  }
  return queries;
}

async function runFlink(directory: string, rate: Rate, queries: Readonly<Record<string, string>>): Promise<LiveResult> {
  const log = await emptyLog(directory);
  const flink = await startFlink(directory, log, queries);
  const run = await runAtRate(flink, log, rate);
  return resultOf('Flink 1.20.1', log, run, await flink.readWindows());
}

async function emptyLog(directory: string): Promise<string> {
  await mkdir(directory, { recursive: true });
  const path = join(directory, 'live.log');
  await writeFile(path, '');
  return path;
}

async function resultOf(
  name: string,
  log: string,
  run: LiveRun,
  emitted: readonly EmittedWindow[],
): Promise<LiveResult> {
  await assertSameBytes(name, emitted, log);
  const isMinute = ({ query }: EmittedWindow) => query === 'top_talkers';
  const latencies = latenciesOf(
    emitted.filter((window) => !isMinute(window)),
    run,
  );
  if (!latencies) throw new Error('cannot measure the latency: no window was emitted; take more --seconds');
  const minute = latenciesOf(emitted.filter(isMinute), run);
  const { cpuSeconds, peakBytes } = run;
  return { name, cpuSeconds, peakBytes, latencies, ...(minute ? { minute } : {}) };
}

/** One column for each program, as a Markdown table. */
export function formatLive(results: readonly LiveResult[], rate: Rate): string {
  const row = (name: string, cell: (result: LiveResult) => string) => `| ${name} | ${results.map(cell).join(' | ')} |`;
  const what = `${rate.perSecond.toLocaleString('en')} events/s for ${rate.seconds} s, ${viewers.toLocaleString('en')} viewers`;
  return [
    row(what, ({ name }) => name),
    `|---|${results.map(() => '---:').join('|')}|`,
    row('windows of a second', ({ latencies }) => String(latencies.windows)),
    row('lines handed over until rows are visible, p50', ({ latencies }) => milliseconds(latencies.p50)),
    row('p99', ({ latencies }) => milliseconds(latencies.p99)),
    row('slowest', ({ latencies }) => milliseconds(latencies.slowest)),
    row('the same of `top_talkers`', ({ minute }) => (minute ? milliseconds(minute.slowest) : 'no minute ended')),
    row('CPU time', ({ cpuSeconds }) => seconds(cpuSeconds)),
    row('memory at most', ({ peakBytes }) => megabytes(peakBytes)),
  ].join('\n');
}
