import { type ChildProcess, spawn } from 'node:child_process';
import { readFileSync } from 'node:fs';
import { fileURLToPath } from 'node:url';

/** A third-party server started for a test or a benchmark. */
export interface StartedService {
  readonly url: string;
  /** Of its script, whose children are the server. */
  readonly pid: number;
  /** Sends a signal to it and all that it started, e.g. `SIGKILL`, or `SIGSTOP` to make it slow. */
  signal(name: NodeJS.Signals): void;
  /** Stops it as its script does. */
  stop(): Promise<void>;
}

export interface ServiceOptions {
  /** Default: a free one. */
  readonly port?: number;
  /** Keeps its data over a restart; default none. */
  readonly data?: string;
}

/**
 * Starts `test/services/start-<name>` and waits until it answers; the first time, it is installed.
 * @throws Error with the end of its log
 */
export async function startService(name: string, options: ServiceOptions = {}): Promise<StartedService> {
  for (let attempt = 1; ; attempt++) {
    try {
      return await startOnce(name, options);
    } catch (cause) {
      // A free port is found before the server takes it, and another process may be faster.
      if (options.port || attempt === 3 || !/address already in use/i.test(String(cause))) throw cause;
    }
  }
}

function startOnce(name: string, { port = 0, data }: ServiceOptions): Promise<StartedService> {
  const script = fileURLToPath(new URL(`start-${name}`, import.meta.url));
  const words = ['--port', String(port), ...(data === undefined ? [] : ['--data', data])];
  const child = spawn(script, words, { stdio: ['ignore', 'pipe', 'pipe'] });
  let output = '';
  let log = '';
  child.stderr.setEncoding('utf8').on('data', (text: string) => {
    log = (log + text).slice(-4000);
  });
  return new Promise((resolve, reject) => {
    child.once('error', reject);
    child.once('exit', (code) => reject(new Error(`cannot start "${name}": it ended with ${code}; ${log}`)));
    child.stdout.setEncoding('utf8').on('data', (text: string) => {
      output += text;
      const url = /^ready (\S+)$/m.exec(output)?.[1];
      if (url)
        resolve({ url, pid: child.pid ?? 0, signal: (signal) => signalAll(child, signal), stop: () => end(child) });
    });
  });
}

/** The script, the server and all its children; they are in separate process groups. */
function family(pid: number): number[] {
  try {
    const children = readFileSync(`/proc/${pid}/task/${pid}/children`, 'utf8').split(' ').filter(Boolean).map(Number);
    return [...children.flatMap(family), pid];
  } catch {
    return [pid];
  }
}

function signalAll(child: ChildProcess, signal: NodeJS.Signals): void {
  for (const pid of child.pid === undefined ? [] : family(child.pid)) {
    try {
      process.kill(pid, signal);
    } catch {
      // It has ended already.
    }
  }
}

function end(child: ChildProcess): Promise<void> {
  return new Promise((resolve) => {
    if (child.exitCode !== null || child.signalCode !== null) {
      resolve();
      return;
    }
    child.once('exit', () => resolve());
    child.kill('SIGTERM');
  });
}
