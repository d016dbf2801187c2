import { readdirSync, readFileSync } from 'node:fs';

/** A process and all that it started, which still run; empty where `/proc` does not exist (macOS). */
export function processTree(pid: number): number[] {
  try {
    const children = readdirSync(`/proc/${pid}/task`).flatMap((thread) =>
      readFileSync(`/proc/${pid}/task/${thread}/children`, 'utf8').split(' ').filter(Boolean).map(Number),
    );
    return [pid, ...children.flatMap(processTree)];
  } catch {
    return [];
  }
}

const ticksPerSecond = 100;

/** CPU time that a process and what it started have used, seconds. */
export function cpuSeconds(pid: number): number {
  return processTree(pid).reduce((total, process) => total + sum(cpuTicks(process)), 0) / ticksPerSecond;
}

/** CPU time of all processes that this one has started and that have ended, with those that they waited for, seconds. */
export function endedChildrenCpuSeconds(): number {
  return sum(cpuTicks(process.pid).slice(2)) / ticksPerSecond;
}

/** User and system time, and the same of ended children. See proc_pid_stat(5). */
function cpuTicks(pid: number): number[] {
  try {
    const stat = readFileSync(`/proc/${pid}/stat`, 'utf8');
    const fields = stat.slice(stat.lastIndexOf(')') + 2).split(' ');
    return fields.slice(11, 15).map(Number);
  } catch {
    return [];
  }
}

function sum(values: readonly number[]): number {
  return values.reduce((total, value) => total + value, 0);
}
