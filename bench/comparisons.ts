import { rm } from 'node:fs/promises';
import { join } from 'node:path';
import { fileURLToPath } from 'node:url';
import type { BareRun } from './bare.ts';
import { classicQueries, median } from './classic-queries.ts';
import type { Finding } from './findings.ts';
import { type GoAccessRun, runGoAccess } from './goaccess.ts';
import { measureProcess } from './process-measure.ts';
import { settledBytes } from './store-state.ts';
import { type IngestRun, runIngest, startServer } from './tailrace-process.ts';
import { type WrittenLogs, writeLogs } from './traffic/write-logs.ts';

interface Workplace {
  /** Working directory, filled with data. */
  readonly work: string;
  readonly repeat: number;
}

/**
 * Ingest, bare insert and GoAccess alternately, so that a slow minute of the machine affects all, and the median of
 * each. GoAccess, far slower and far from its limit, runs once.
 */
export async function compareIngest(
  options: Workplace & { readonly data: WrittenLogs; readonly parts: ReadonlySet<string> },
): Promise<Finding[]> {
  const { data, work, repeat, parts } = options;
  const store = storeIn(work);
  const ingests: IngestRun[] = [];
  const bares: BareRun[] = [];
  for (let round = 1; round <= repeat; round++) {
    if (parts.has('bare')) bares.push(await told(`bare insert ${round}`, runBare(data.files[0] ?? '')));
    if (parts.has('ingest') || parts.has('queries')) {
      await rm(store, { recursive: true, force: true });
      ingests.push(await told(`ingest ${round}`, runIngest(store, data.files[0] ?? '', data.rows)));
    }
  }
  const goAccess = parts.has('goaccess') ? await told('GoAccess', runGoAccess(data.files)) : undefined;
  return [
    ...(ingests.length > 0 ? ingestFindings(data, ingests, await settledBytes(store)) : []),
    ...(bares.length > 0 ? bareFindings(data, bares, ingests) : []),
    ...(goAccess ? goAccessFindings(data, goAccess, ingests) : []),
  ];
}

function ingestFindings(data: WrittenLogs, runs: readonly IngestRun[], storedBytes: number): Finding[] {
  const seconds = median(runs.map((run) => run.seconds));
  const peak = Math.max(...runs.map((run) => run.peakBytes)) / 1e6;
  return [
    { name: 'ingest', value: data.rows / seconds, unit: 'rows/s', from: `${secondsText(runs)}, whole command` },
    { name: 'peak resident memory', value: peak, unit: 'MB', target: { atMost: 1500 }, from: 'largest of all runs' },
    {
      name: 'stored bytes against the compressed input',
      value: storedBytes / data.gzipBytes,
      unit: '×',
      target: { atMost: 0.8 },
      from: `${megabytes(storedBytes)} of ${megabytes(data.gzipBytes)}`,
    },
  ];
}

function bareFindings(data: WrittenLogs, bares: readonly BareRun[], ingests: readonly IngestRun[]): Finding[] {
  const lost = bares.find((run) => run.rows !== data.rows);
  if (lost) {
    throw new Error(
      `cannot compare with the bare insert: it stored ${lost.rows} of ${data.rows} rows; mend bench/bare-insert.ts`,
    );
  }
  const seconds = median(bares.map((run) => run.seconds));
  const from = `its INSERT alone ${secondsText(bares)}; engine ${bares[0]?.engineVersion}`;
  const name = 'bare insert';
  return [
    { name, value: data.rows / seconds, unit: 'rows/s', from },
    {
      name: `${name}, stored bytes against the compressed input`,
      value: median(bares.map((run) => run.storedBytes)) / data.gzipBytes,
      unit: '×',
      from: 'the log columns alone',
    },
    ...againstPeer(`speed against the ${name}`, seconds, 0.8, ingests),
  ];
}

function goAccessFindings(data: WrittenLogs, run: GoAccessRun, ingests: readonly IngestRun[]): Finding[] {
  const from = `version ${run.version}, ${run.seconds.toFixed(1)} s, ${run.rows} lines counted, ${run.failed} refused`;
  return [
    { name: 'GoAccess', value: data.rows / run.seconds, unit: 'rows/s', from },
    ...againstPeer('speed against GoAccess', run.seconds, 5, ingests),
  ];
}

/** Our time is that of the whole command, the peer's is that for the same lines. */
function againstPeer(name: string, peerSeconds: number, atLeast: number, ingests: readonly IngestRun[]): Finding[] {
  if (ingests.length === 0) return [];
  const seconds = median(ingests.map((run) => run.seconds));
  const from = `${peerSeconds.toFixed(2)} s against ${seconds.toFixed(2)} s`;
  return [{ name, value: peerSeconds / seconds, unit: '×', target: { atLeast }, from }];
}

/** Through a running server, so that its start is not counted: the median of seven after one that warms up. */
export async function timeQueries(options: { readonly data: WrittenLogs; readonly work: string }): Promise<Finding[]> {
  const server = await startServer(storeIn(options.work));
  try {
    const findings: Finding[] = [];
    for (const { name, sql } of classicQueries) {
      await server.timeQuery(sql);
      const times: number[] = [];
      for (let run = 0; run < 7; run++) times.push(await server.timeQuery(sql));
      const from = `median of 7, ${Math.min(...times).toFixed(0)}–${Math.max(...times).toFixed(0)} ms`;
      findings.push({ name: `query: ${name}`, value: median(times), unit: 'ms', target: { atMost: 150 }, from });
    }
    return findings;
  } finally {
    await server.stop();
  }
}

/** 20,000 files of 50 lines against the same million lines in one file, independent of the size of the other parts. */
export async function compareSmallFiles({ work, repeat }: Workplace): Promise<Finding[]> {
  const rows = 1_000_000;
  const one = await writeLogs({ rows, directory: join(work, 'few'), layout: 'one' });
  const many = await writeLogs({ rows, directory: join(work, 'many'), layout: 'many' });
  const store = storeIn(work);
  const runs: { one: IngestRun[]; many: IngestRun[] } = { one: [], many: [] };
  for (let round = 1; round <= repeat; round++) {
    await rm(store, { recursive: true, force: true });
    runs.one.push(await told(`one file ${round}`, runIngest(store, one.files[0] ?? '', rows)));
    await rm(store, { recursive: true, force: true });
    runs.many.push(
      await told(`${many.files.length} files ${round}`, runIngest(store, join(work, 'many', '*.gz'), rows)),
    );
  }
  return [
    {
      name: 'time for 20,000 files against one',
      value: median(runs.many.map((run) => run.seconds)) / median(runs.one.map((run) => run.seconds)),
      unit: '×',
      target: { atMost: 1.5 },
      from: `${secondsText(runs.many)} against ${secondsText(runs.one)}`,
    },
  ];
}

/** In its own process: the engine keeps memory and threads, and one process opens one data directory. */
async function runBare(pattern: string): Promise<BareRun> {
  const script = fileURLToPath(new URL('./bare.ts', import.meta.url));
  const { stdout } = await measureProcess(process.execPath, ['--import', 'tsx', script, pattern]);
  return JSON.parse(stdout) as BareRun;
}

function storeIn(work: string): string {
  return join(work, 'store');
}

async function told<T extends { readonly seconds: number }>(what: string, running: Promise<T>): Promise<T> {
  const run = await running;
  console.error(`${what}: ${run.seconds.toFixed(2)} s`);
  return run;
}

function secondsText(runs: readonly { readonly seconds: number }[]): string {
  return `${runs.map(({ seconds }) => seconds.toFixed(2)).join(' / ')} s`;
}

function megabytes(bytes: number): string {
  return `${(bytes / 1e6).toFixed(1)} MB`;
}
