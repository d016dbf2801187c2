import { type ChildProcess, spawn } from 'node:child_process';
import { fileURLToPath } from 'node:url';

/** A server of others that was started for a test or a bench, in a process group of its own. */
export interface StartedService {
  readonly url: string;
  /** Sends a signal to it and all that it started, e.g. `SIGKILL`, or `SIGSTOP` to make it slow. */
  signal(name: NodeJS.Signals): void;
  /** Ends it as its script does. */
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
export function startService(name: string, { port = 0, data }: ServiceOptions = {}): Promise<StartedService> {
  const script = fileURLToPath(new URL(`start-${name}`, import.meta.url));
  const words = ['--port', String(port), ...(data === undefined ? [] : ['--data', data])];
  const child = spawn(script, words, { stdio: ['ignore', 'pipe', 'pipe'], detached: true });
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
      if (url) resolve({ url, signal: (signal) => signalGroup(child, signal), stop: () => end(child) });
    });
  });
}

function signalGroup(child: ChildProcess, signal: NodeJS.Signals): void {
  if (child.pid === undefined) return;
  try {
    process.kill(-child.pid, signal);
  } catch {
    // It has ended already.
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
