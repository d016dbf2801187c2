import { spawn } from 'node:child_process';
import { readFile } from 'node:fs/promises';
import { join } from 'node:path';

/** A `tailrace up` in its own process. */
export interface StreamWorker {
  readonly url: string;
  readonly pid: number;
  /** Peak memory so far. */
  residentMb(): Promise<number>;
  kill(): void;
  stop(): Promise<void>;
}

const program = join(import.meta.dirname, '../../dist/cli/tailrace.cjs');

export function startWorker(configuration: string): Promise<StreamWorker> {
  const child = spawn(process.execPath, [program, 'up', '--config', configuration], {
    stdio: ['ignore', 'pipe', 'inherit'],
    env: { ...process.env, AWS_ACCESS_KEY_ID: 'bench', AWS_SECRET_ACCESS_KEY: 'bench' },
  });
  const ended = new Promise<void>((resolve) => child.once('exit', () => resolve()));
  return new Promise((resolve, reject) => {
    child.once('exit', (code) => reject(new Error(`tailrace up ended with ${code}`)));
    child.stdout.setEncoding('utf8').on('data', (text: string) => {
      const url = /listens on (\S+)/.exec(text)?.[1];
      if (!url) return;
      resolve({
        url,
        pid: child.pid ?? 0,
        kill: () => void child.kill('SIGKILL'),
        residentMb: async () => {
          const status = await readFile(`/proc/${child.pid}/status`, 'utf8').catch(() => '');
          return Math.round(Number(/VmHWM:\s+(\d+)/.exec(status)?.[1] ?? 0) / 1024);
        },
        stop: async () => {
          child.kill('SIGTERM');
          await ended;
        },
      });
    });
  });
}
