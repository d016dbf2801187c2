import { readFileSync } from 'node:fs';
import { setTimeout as pause } from 'node:timers/promises';
import { childrenOf } from '../fuzz/watched-memory.ts';

/** The embedded engine's process, once there is one. @param pid the process that opened the store */
export async function engineOf(pid: number): Promise<number> {
  for (;;) {
    const [engine] = childrenOf(pid).filter((child) => /process\/main\.cjs/.test(commandOf(child)));
    if (engine !== undefined) return engine;
    await pause(5);
  }
}

function commandOf(pid: number): string {
  try {
    return readFileSync(`/proc/${pid}/cmdline`, 'utf8');
  } catch {
    return '';
  }
}
