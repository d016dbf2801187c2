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
  return processTree(pid).reduce((total, process) => total + cpuTicks(process), 0) / ticksPerSecond;
}

/** User and system time, of ended children too. See proc_pid_stat(5). */
function cpuTicks(pid: number): number {
  try {
    const stat = readFileSync(`/proc/${pid}/stat`, 'utf8');
    const fields = stat.slice(stat.lastIndexOf(')') + 2).split(' ');
    return fields.slice(11, 15).reduce((total, ticks) => total + Number(ticks), 0);
  } catch {
    return 0;
  }
}
