import { cp, rm } from 'node:fs/promises';
import { join } from 'node:path';
import { fileURLToPath } from 'node:url';
import type { BareRun } from '../bare.ts';
import { classicQueries, median } from '../classic-queries.ts';
import type { Finding } from '../findings.ts';
import { type GoAccessRun, runGoAccess } from '../goaccess.ts';
import { measureProcess } from '../process-measure.ts';
import { settledBytes } from '../store-state.ts';
import { type IngestRun, runIngest, startServer } from '../tailrace-process.ts';
import type { WrittenLogs } from '../traffic/write-logs.ts';
import { alternate, cpuSecondsOf, type Run, secondsOf, secondsText, speedFinding } from './runs.ts';

export interface BulkOptions {
  /** One file, into a new store. */
  readonly first: WrittenLogs;
  /** One file with other lines, into a copy of the store that holds the first; absent when that is left out. */
  readonly further?: WrittenLogs;
  readonly work: string;
  readonly repeat: number;
  readonly parts: ReadonlySet<string>;
}

export interface BulkResult {
  /** Holds the first file. */
  readonly store: string;
  /** The first run of its ingest. */
  readonly ingest: Run;
  readonly storedBytes: number;
  readonly findings: readonly Finding[];
}

/** Ingest beside the engine's bare INSERT of the same file, and GoAccess, which is far slower and runs once. */
export async function compareBulk({ first, further, work, repeat, parts }: BulkOptions): Promise<BulkResult> {
  const store = join(work, 'store');
  const filled = join(work, 'store-filled');
  const goAccess = parts.has('goaccess') ? { ...(await runGoAccess(first.files)), lines: first.rows } : undefined;
  const common = { repeat, isBare: parts.has('bare'), ...(goAccess ? { goAccess } : {}) };
  const intoNew = await compareInto({
    ...common,
    name: 'new store',
    store,
    data: first,
    atLeast: { goAccess: 5, bare: 0.55 },
    prepare: () => rm(store, { recursive: true, force: true }),
  });
  const storedBytes = await settledBytes(store);
  const intoExisting =
    further &&
    (await compareInto({
      ...common,
      name: 'existing store',
      store: filled,
      data: further,
      atLeast: { goAccess: 8, bare: 0.8 },
      async prepare() {
        await rm(filled, { recursive: true, force: true });
        await cp(store, filled, { recursive: true });
      },
    }));
  await rm(filled, { recursive: true, force: true });
  const findings = [
    ...(goAccess
      ? [rateFinding('GoAccess', [goAccess], first, `version ${goAccess.version}, ${goAccess.failed} lines refused`)]
      : []),
    ...intoNew.findings,
    ...(intoExisting?.findings ?? []),
    bytesFinding(storedBytes, first, intoNew.bares),
  ];
  return { store, ingest: intoNew.first, storedBytes, findings };
}

interface Target {
  readonly name: 'new store' | 'existing store';
  readonly store: string;
  readonly data: WrittenLogs;
  readonly repeat: number;
  readonly isBare: boolean;
  /** With the lines that it read. */
  readonly goAccess?: GoAccessRun & { readonly lines: number };
  readonly atLeast: { readonly goAccess: number; readonly bare: number };
  /** Makes the store what it must be before each ingest. */
  prepare(): Promise<void>;
}

async function compareInto(target: Target): Promise<{ first: IngestRun; bares: BareRun[]; findings: Finding[] }> {
  const { name, store, data, repeat, isBare, goAccess, atLeast, prepare } = target;
  const kinds = {
    ...(isBare ? { bare: () => runBare(data) } : {}),
    async ours() {
      await prepare();
      return runIngest(store, data.files[0] ?? '', data.rows);
    },
  };
  const { ours, bare: bares = [] } = await alternate(repeat, kinds, `, ${name}`);
  const [first] = ours;
  if (first === undefined) throw new Error('cannot compare nothing: --repeat is 0; repeat at least once');
  const lines = `${data.rows / 1e6} M lines`;
  const findings: Finding[] = [
    rateFinding(`ingest, ${name}, ${lines}`, ours, data),
    ...(goAccess
      ? [
          speedFinding(`${name} against GoAccess`, {
            ours,
            peer: [goAccess],
            atLeast: atLeast.goAccess,
            lines: data.rows / goAccess.lines,
          }),
        ]
      : []),
    ...(bares.length > 0
      ? [
          rateFinding(`bare insert, ${lines}`, bares, data, `its INSERT alone; engine ${bares[0]?.engineVersion}`),
          speedFinding(`${name} against the bare insert`, { ours, peer: bares, atLeast: atLeast.bare }),
        ]
      : []),
    memoryFinding(`peak memory, ${name}, ${lines}`, ours),
  ];
  return { first, bares, findings };
}

function rateFinding(name: string, runs: readonly Run[], { rows }: WrittenLogs, note?: string): Finding {
  const from = note === undefined ? secondsText(runs) : `${secondsText(runs)}; ${note}`;
  return { name, value: rows / secondsOf(runs), unit: 'rows/s', cpu: rows / cpuSecondsOf(runs), from };
}

export function memoryFinding(name: string, runs: readonly IngestRun[]): Finding {
  const value = Math.max(...runs.map(({ peakBytes }) => peakBytes)) / 1e6;
  return { name, value, unit: 'MB', target: { atMost: 1000 }, from: 'largest process, of all runs' };
}

export function bytesFinding(stored: number, { gzipBytes }: WrittenLogs, bares: readonly BareRun[]): Finding {
  const megabytes = (bytes: number): string => `${(bytes / 1e6).toFixed(1)} MB`;
  const bare = bares[0] ? `; bare insert ${megabytes(bares[0].storedBytes)}` : '';
  return {
    name: 'stored bytes after merges against the gzipped input',
    value: stored / gzipBytes,
    unit: '×',
    target: { atMost: 0.8 },
    from: `${megabytes(stored)} of ${megabytes(gzipBytes)}${bare}`,
  };
}

/** Through a running server, so that its start is not counted: the median of seven after one that warms up. */
export async function timeQueries(store: string): Promise<Finding[]> {
  const server = await startServer(store);
  try {
    const findings: Finding[] = [];
    for (const { name, sql } of classicQueries) {
      await server.timeQuery(sql);
      const before = server.cpuSeconds();
      const times: number[] = [];
      for (let run = 0; run < 7; run++) times.push(await server.timeQuery(sql));
      const cpu = ((server.cpuSeconds() - before) * 1000) / times.length;
      const from = `median of 7, ${Math.min(...times).toFixed(0)}–${Math.max(...times).toFixed(0)} ms`;
      findings.push({
        name: `classic query: ${name}`,
        value: median(times),
        unit: 'ms',
        target: { atMost: 150 },
        cpu,
        from,
      });
    }
    return findings;
  } finally {
    await server.stop();
  }
}

/** In its own process: the engine keeps memory and threads, and one process opens one data directory. */
export async function runBare(data: WrittenLogs): Promise<BareRun> {
  const script = fileURLToPath(new URL('../bare.ts', import.meta.url));
  const { stdout } = await measureProcess(process.execPath, ['--import', 'tsx', script, data.files[0] ?? '']);
  const run = JSON.parse(stdout) as BareRun;
  if (run.rows === data.rows) return run;
  throw new Error(
    `cannot compare with the bare insert: it stored ${run.rows} of ${data.rows} rows; mend bench/bare-insert.ts`,
  );
}
