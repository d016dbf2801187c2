import { type ChildProcess, execFile, spawn } from 'node:child_process';
import { existsSync } from 'node:fs';
import { resolve } from 'node:path';
import { promisify } from 'node:util';

const root = resolve(import.meta.dirname, '../..');
const main = 'dist/cli/tailrace.cjs';
/** The logs shown: small enough to be stored in seconds, and with rejected lines. */
export const exampleLogs = resolve(root, 'examples/logs/simulated-edge');

/** @throws Error when the program was not built. Not built here: two concurrent tests would overwrite each other. */
export function requireBuild(): void {
  for (const file of [main, 'dist/web/index.html', 'dist/web/report.html']) {
    if (existsSync(resolve(root, file))) continue;
    throw new Error(`cannot find file "${file}": the program is not built; run npm run build`);
  }
}

/** @throws Error with its output when it does not exit with 0. */
export async function runTailrace(...args: readonly string[]): Promise<{ readonly stdout: string }> {
  return promisify(execFile)(process.execPath, [main, ...args], { cwd: root });
}

export interface Server {
  /** With a trailing slash. */
  readonly address: string;
  /** Like Ctrl-C; returns when the process has ended. */
  stop(): Promise<void>;
}

/** `tailrace up` in its own process. Port 0 takes a free one. */
export async function startTailrace(store: string, port: string, ...more: readonly string[]): Promise<Server> {
  const args = [main, 'up', '--store', store, '--port', port, ...more];
  const child = spawn(process.execPath, args, { cwd: root, stdio: ['ignore', 'pipe', 'pipe'] });
  const address = await readAddress(child).catch((error: unknown) => {
    child.kill('SIGKILL');
    throw error;
  });
  return {
    address: `${address}/`,
    async stop() {
      if (child.exitCode !== null || child.signalCode !== null) return;
      const ended = new Promise((done) => child.once('exit', done));
      child.kill('SIGTERM');
      await ended;
    },
  };
}

function readAddress(child: ChildProcess): Promise<string> {
  return new Promise((done, fail) => {
    let output = '';
    const read = (chunk: Buffer) => {
      output += chunk;
      const found = /listens on (http:\S+)/.exec(output)?.[1];
      if (found) done(found);
    };
    child.stdout?.on('data', read);
    child.stderr?.on('data', read);
    child.once('error', fail);
    child.once('exit', (code) => fail(new Error(`cannot start "tailrace up": it ended with ${code}: ${output}`)));
  });
}
