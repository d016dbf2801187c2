import { spawn } from 'node:child_process';
import { existsSync } from 'node:fs';
import { homedir } from 'node:os';
import { delimiter, join } from 'node:path';
import { setTimeout } from 'node:timers/promises';

const cache = process.env.TAILRACE_SERVICES_CACHE ?? join(homedir(), '.cache', 'tailrace-services');

interface Shipper {
  readonly name: string;
  /** Undefined when it is not installed, which is printed. */
  readonly program: string | undefined;
}

/** @param file its name on PATH, or below the folder of `test/services` @param remedy how to get it */
export function findShipper(name: string, file: string, remedy: string): Shipper {
  const folders = [...(process.env.PATH ?? '').split(delimiter), '/usr/sbin', cache];
  const program = folders.map((folder) => join(folder, file)).find(existsSync);
  if (program === undefined) console.warn(`skipped: ${name} as a sender, because it is not installed; ${remedy}`);
  return { name, program };
}

/**
 * Runs a shipper in the foreground until it has done its work, then ends it.
 *
 * @throws Error with what it printed when it is not done after a minute, or ended before
 */
export async function runShipper(
  program: string,
  args: readonly string[],
  isDone: () => boolean,
  environment: Readonly<Record<string, string>> = {},
): Promise<void> {
  const child = spawn(program, args, { env: { ...process.env, ...environment } });
  let printed = '';
  let ended: Error | undefined;
  for (const stream of [child.stdout, child.stderr]) stream.on('data', (data) => (printed += String(data)));
  const exit = new Promise<void>((resolve) => {
    child.on('error', (error) => {
      ended = error;
      resolve();
    });
    child.on('exit', (code, signal) => {
      ended ??= new Error(`it ended with ${code ?? signal}`);
      resolve();
    });
  });
  const deadline = Date.now() + 60_000;
  try {
    while (!isDone()) {
      if (ended !== undefined) throw new Error(`${program}: ${ended.message}\n${printed}`);
      if (Date.now() > deadline) throw new Error(`${program} is not done after a minute\n${printed}`);
      await setTimeout(50);
    }
  } finally {
    child.kill('SIGTERM');
    const killer = globalThis.setTimeout(() => child.kill('SIGKILL'), 10_000);
    await exit;
    clearTimeout(killer);
  }
}
