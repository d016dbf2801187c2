import { spawn } from 'node:child_process';
import { existsSync } from 'node:fs';
import { createServer } from 'node:net';
import { setTimeout as sleep } from 'node:timers/promises';
import { fileURLToPath } from 'node:url';
import { type MeasuredProcess, measureProcess } from './process-measure.ts';
import { cpuSeconds } from './process-tree.ts';

/** The built program, as users run it. */
const program = fileURLToPath(new URL('../dist/cli/tailrace.cjs', import.meta.url));

export interface IngestRun {
  /** Wall-clock time of the whole command: start of Node, opening the store, closing it. */
  readonly seconds: number;
  readonly rows: number;
  readonly rejected: number;
  readonly comments: number;
  readonly lines: number;
  readonly peakBytes: number;
  readonly cpuSeconds: number;
}

/** The built program as a command, from start to end. */
export function runTailrace(args: readonly string[]): Promise<MeasuredProcess> {
  assertBuilt();
  return measureProcess(process.execPath, [program, ...args]);
}

/** `pattern` is a file or a glob. Throws when the books of the command do not balance or rows are missing. */
export async function runIngest(store: string, pattern: string, expectedRows: number): Promise<IngestRun> {
  const measured = await runTailrace(['ingest', '--store', store, '--json', pattern]);
  const said = JSON.parse(measured.stdout) as Record<'lines' | 'rows' | 'rejected' | 'comments', number>;
  if (said.lines !== said.rows + said.rejected + said.comments || said.rows !== expectedRows) {
    throw new Error(
      `cannot trust the ingest of "${pattern}": it reports ${JSON.stringify(said)} for ${expectedRows} rows; find out what it lost`,
    );
  }
  const { lines, rows, rejected, comments } = said;
  const { seconds, peakBytes, cpuSeconds } = measured;
  return { seconds, cpuSeconds, lines, rows, rejected, comments, peakBytes };
}

export interface RunningServer {
  readonly address: string;
  /** Sends a query and resolves with its time in milliseconds once the last byte of the answer has arrived. */
  timeQuery(sql: string): Promise<number>;
  /** The same for any request; `body` makes it a POST of JSON. */
  timeRequest(path: string, body?: unknown): Promise<TimedAnswer>;
  /** CPU time that the server and its engine have used so far; counted in hundredths. */
  cpuSeconds(): number;
  stop(): Promise<void>;
}

export interface TimedAnswer {
  readonly ms: number;
  /** Whether the question took longer than the server allows; `text` is its error then. */
  readonly isUnfinished: boolean;
  readonly text: string;
}

export async function startServer(store: string): Promise<RunningServer> {
  assertBuilt();
  const port = await freePort();
  const base = `http://127.0.0.1:${port}`;
  const child = spawn(process.execPath, [program, 'up', '--store', store, '--port', String(port)], {
    stdio: ['ignore', 'ignore', 'inherit'],
  });
  const exited = new Promise<void>((resolve) => child.once('exit', () => resolve()));
  const stop = async (): Promise<void> => {
    child.kill('SIGTERM');
    await exited;
  };
  const deadline = performance.now() + 60_000;
  while (!(await isReady(base))) {
    if (child.exitCode !== null || performance.now() > deadline) {
      await stop();
      throw new Error(`cannot start the server on "${store}": it was not ready within 60 s; run it by hand to see why`);
    }
    await sleep(100);
  }
  const timeRequest = async (path: string, body?: unknown): Promise<TimedAnswer> => {
    const startedAt = performance.now();
    const response = await fetch(`${base}${path}`, {
      ...(body === undefined ? {} : { method: 'POST', body: JSON.stringify(body) }),
      headers: { 'content-type': 'application/json' },
    });
    const text = await response.text();
    const isUnfinished = !response.ok && text.includes('"TAILRACE_QUERY_LIMIT"');
    if (!response.ok && !isUnfinished) {
      throw new Error(
        `cannot ask "${path}" ${JSON.stringify(body ?? '')}: ${text.slice(0, 500)}; see the server's output`,
      );
    }
    return { ms: performance.now() - startedAt, isUnfinished, text };
  };
  return {
    address: base,
    timeRequest,
    async timeQuery(sql) {
      const { ms, isUnfinished, text } = await timeRequest('/api/query', { sql, format: 'json' });
      if (isUnfinished) throw new Error(`cannot time "${sql}": ${text}`);
      return ms;
    },
    cpuSeconds: () => cpuSeconds(child.pid ?? 0),
    stop,
  };
}

async function isReady(base: string): Promise<boolean> {
  return fetch(`${base}/readyz`).then(
    (response) => response.ok,
    () => false,
  );
}

function assertBuilt(): void {
  if (!existsSync(program)) throw new Error(`cannot run "${program}": it is not built; run npm run build`);
}

async function freePort(): Promise<number> {
  const server = createServer();
  await new Promise<void>((resolve) => server.listen(0, '127.0.0.1', resolve));
  const address = server.address();
  await new Promise((resolve) => server.close(resolve));
  if (address === null || typeof address === 'string') throw new Error('BUG: a TCP server has no port');
  return address.port;
}
