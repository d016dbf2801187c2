import { readdirSync, readFileSync } from 'node:fs';

/** Peaks of what a process and its children had in memory at once, in bytes; empty where there is no /proc. */
export function peakMemory(pid: number = process.pid): { readonly own: number; readonly children: number } {
  return { own: peakOf(pid), children: childrenOf(pid).reduce((sum, child) => sum + peakOf(child), 0) };
}

/** Processes that this one started and that run. */
export function childrenOf(pid: number = process.pid): number[] {
  try {
    return readdirSync(`/proc/${pid}/task`).flatMap((task) =>
      readFileSync(`/proc/${pid}/task/${task}/children`, 'utf8').split(' ').filter(Boolean).map(Number),
    );
  } catch {
    return [];
  }
}

function peakOf(pid: number): number {
  try {
    return Number(/VmHWM:\s+(\d+) kB/.exec(readFileSync(`/proc/${pid}/status`, 'utf8'))?.[1] ?? 0) * 1024;
  } catch {
    return 0;
  }
}

export function inMebibytes(sizes: Readonly<Record<string, number>>): Record<string, number> {
  return Object.fromEntries(Object.entries(sizes).map(([name, bytes]) => [name, Math.round(bytes / 1024 ** 2)]));
}
