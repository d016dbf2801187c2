import { execFile, spawn } from 'node:child_process';
import { mkdir, readFile } from 'node:fs/promises';
import { join } from 'node:path';
import { fileURLToPath } from 'node:url';
import { promisify } from 'node:util';
import { peakResidentBytes } from '../../process-measure.ts';
import { cpuSeconds } from '../../process-tree.ts';
import { disorderMs } from '../configuration.ts';
import type { EmittedWindow } from '../emitted-windows.ts';
import type { RunningProgram } from '../run-at-rate.ts';

const run = promisify(execFile);
const installer = fileURLToPath(new URL('../../../test/services/install-flink', import.meta.url));
const source = fileURLToPath(new URL('./FlinkPeer.java', import.meta.url));

export const checkpointMs = 10_000;
export const heapMegabytes = 512;

/** The reason is in front of the calls that led to it. */
const mostOfErrors = 4000;

export interface FlinkProgram extends RunningProgram {
  /** What has been emitted, once it has stopped. */
  readWindows(): Promise<EmittedWindow[]>;
}

/**
 * Flink with one process for everything: it reads, computes and writes.
 * @param queries SQL for Flink by name
 * @throws Error with what it wrote, when it ends before it follows the log; so does {@link RunningProgram.newestWindowMs} later
 */
export async function startFlink(
  directory: string,
  log: string,
  queries: Readonly<Record<string, string>>,
): Promise<FlinkProgram> {
  const classPath = (await run(installer)).stdout.trim();
  const classes = join(directory, 'classes');
  const results = join(directory, 'results');
  await mkdir(results, { recursive: true });
  await run('javac', ['-nowarn', '-cp', classPath, '-d', classes, source]);
  const watermark = `\`time\` - INTERVAL '${disorderMs / 1000}' SECOND(2)`;
  const args = [`-Xmx${heapMegabytes}m`, '-cp', `${classes}:${classPath}`, 'FlinkPeer'];
  const child = spawn('java', [...args, log, results, String(checkpointMs), watermark], {
    stdio: ['pipe', 'pipe', 'pipe'],
  });
  const ended = new Promise<void>((resolve) => child.once('close', () => resolve()));
  let errors = '';
  child.stderr.setEncoding('utf8').on('data', (text: string) => {
    errors = (errors + text).slice(0, mostOfErrors);
  });
  child.stdin.on('error', () => {}); // its end is told below
  child.stdin.end(Object.entries(queries).flat().join('\0'));
  await new Promise<void>((resolve, reject) => {
    child.stdout.once('data', () => resolve());
    child.once('error', reject);
    void ended.then(() => reject(new Error(`cannot run Flink: ${errors}`)));
  });
  const pid = child.pid ?? 0;
  const readWindows = async () =>
    (await Promise.all(Object.keys(queries).map((query) => readRows(join(results, `${query}.tsv`), query)))).flat();
  return {
    cpuSeconds: () => cpuSeconds(pid),
    peakBytes: () => peakResidentBytes(pid),
    newestWindowMs: async () => {
      if (child.exitCode !== null) throw new Error(`cannot measure Flink: it ended; ${errors}`);
      const windows = await readRows(join(results, 'bytes_transferred.tsv'), 'bytes_transferred');
      return Math.max(0, ...windows.map(({ endMs }) => endMs));
    },
    stop: () => {
      child.kill('SIGKILL');
      return ended;
    },
    readWindows,
  };
}

/** A window is visible with the last of its rows. */
async function readRows(path: string, query: string): Promise<EmittedWindow[]> {
  const windows = new Map<number, EmittedWindow>();
  for (const line of (await readFile(path, 'utf8')).split('\n').slice(0, -1)) {
    const [endMs = 0, visibleMs = 0, bytes = 0] = line.split('\t').map(Number);
    const known = windows.get(endMs);
    windows.set(endMs, { query, endMs, visibleMs, bytes: bytes + (known?.bytes ?? 0) });
  }
  return [...windows.values()];
}
