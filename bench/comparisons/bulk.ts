import { cp, rm } from 'node:fs/promises';
import { join } from 'node:path';
import { fileURLToPath } from 'node:url';
import type { BareRun } from '../bare.ts';
import { classicQueries, median } from '../classic-queries.ts';
import type { Finding } from '../findings.ts';
import { runGoAccess } from '../goaccess.ts';
import { measureProcess } from '../process-measure.ts';
import { settledBytes } from '../store-state.ts';
import { type IngestRun, runIngest, startServer } from '../tailrace-process.ts';
import type { WrittenLogs } from '../traffic/write-logs.ts';
import { alternate, cpuSecondsOf, type Run, secondsOf, secondsText, speedFinding } from './runs.ts';

export interface BulkOptions {
  /** One file, into a new store. */
  readonly first: WrittenLogs;
  /** One file with other lines, into the store that holds the first. */
  readonly further: WrittenLogs;
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

/** Ingest, the engine's bare INSERT of the same file and GoAccess, which is far slower and runs once. */
export async function compareBulk({ first, further, work, repeat, parts }: BulkOptions): Promise<BulkResult> {
  const store = join(work, 'store');
  const isTaken = join(work, 'store-filled');
  const isBare = parts.has('bare');
  const intoNew = await alternate(repeat, {
    ...(isBare ? { 'bare insert': () => runBare(first) } : {}),
    'ingest, new store': async () => {
      await rm(store, { recursive: true, force: true });
      return runIngest(store, first.files[0] ?? '', first.rows);
    },
  });
  const storedBytes = await settledBytes(store);
  const intoFilled = parts.has('existing')
    ? await alternate(repeat, {
        ...(isBare ? { 'bare insert, further lines': () => runBare(further) } : {}),
        'ingest, existing store': async () => {
          await rm(isTaken, { recursive: true, force: true });
          await cp(store, isTaken, { recursive: true });
          return runIngest(isTaken, further.files[0] ?? '', further.rows);
        },
      })
    : undefined;
  await rm(isTaken, { recursive: true, force: true });
  const goAccess = parts.has('goaccess') ? await runGoAccess(first.files) : undefined;

  const new_ = intoNew['ingest, new store'];
  const existing = intoFilled?.['ingest, existing store'];
  const bareNew = intoNew['bare insert'];
  const bareExisting = intoFilled?.['bare insert, further lines'];
  const findings: Finding[] = [
    rateFinding(`ingest, new store, ${millions(first)}`, new_, first),
    ...(existing ? [rateFinding(`ingest, existing store, ${millions(further)}`, existing, further)] : []),
    ...(goAccess
      ? [
          rateFinding('GoAccess', [goAccess], first, `version ${goAccess.version}, ${goAccess.failed} lines refused`),
          speedFinding('new store against GoAccess', { ours: new_, peer: [goAccess], atLeast: 5 }),
          ...(existing
            ? [
                speedFinding('existing store against GoAccess', {
                  ours: existing,
                  peer: [goAccess],
                  atLeast: 8,
                  lines: further.rows / first.rows,
                }),
              ]
            : []),
        ]
      : []),
    ...(bareNew
      ? [
          rateFinding('bare insert', bareNew, first, `its INSERT alone; engine ${bareNew[0]?.engineVersion}`),
          speedFinding('new store against the bare insert', { ours: new_, peer: bareNew, atLeast: 0.55 }),
        ]
      : []),
    ...(bareExisting && existing
      ? [speedFinding('existing store against the bare insert', { ours: existing, peer: bareExisting, atLeast: 0.8 })]
      : []),
    memoryFinding(`peak memory, ${millions(first)}`, new_),
    ...(existing ? [memoryFinding(`peak memory, ${millions(further)}`, existing)] : []),
    bytesFinding(storedBytes, first, bareNew),
  ];
  const [ingest] = new_;
  if (ingest === undefined) throw new Error('BUG: nothing was ingested');
  return { store, ingest, storedBytes, findings };
}

function rateFinding(name: string, runs: readonly Run[], { rows }: WrittenLogs, note?: string): Finding {
  const from = note === undefined ? secondsText(runs) : `${secondsText(runs)}; ${note}`;
  return { name, value: rows / secondsOf(runs), unit: 'rows/s', cpu: rows / cpuSecondsOf(runs), from };
}

export function memoryFinding(name: string, runs: readonly IngestRun[]): Finding {
  const value = Math.max(...runs.map(({ peakBytes }) => peakBytes)) / 1e6;
  return { name, value, unit: 'MB', target: { atMost: 1000 }, from: 'largest process, of all runs' };
}

export function bytesFinding(stored: number, { gzipBytes }: WrittenLogs, bares?: readonly BareRun[]): Finding {
  const megabytes = (bytes: number): string => `${(bytes / 1e6).toFixed(1)} MB`;
  const bare = bares ? `; bare insert ${megabytes(bares[0]?.storedBytes ?? 0)}` : '';
  return {
    name: 'stored bytes after merges against the gzipped input',
    value: stored / gzipBytes,
    unit: '×',
    target: { atMost: 0.8 },
    from: `${megabytes(stored)} of ${megabytes(gzipBytes)}${bare}`,
  };
}

function millions({ rows }: WrittenLogs): string {
  return `${rows / 1e6} M lines`;
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
