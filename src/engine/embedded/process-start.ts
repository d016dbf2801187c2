import { readFileSync } from 'node:fs';
import { hostname } from 'node:os';

/**
 * Start of a process, unique among processes with the same pid: the boot id of the machine and the
 * clock ticks since boot. Empty on systems without `/proc`, and if there is no such process.
 *
 * @see https://man7.org/linux/man-pages/man5/proc_pid_stat.5.html (field 22; the second field may hold any character)
 */
export function processStart(pid: number): string {
  try {
    const stat = readFileSync(`/proc/${pid}/stat`, 'utf8');
    const afterName = stat.slice(stat.lastIndexOf(')') + 2).split(' ');
    if (afterName[0] === 'Z' || afterName[0] === 'X') return ''; // dead, but not yet reaped
    return `${readFileSync('/proc/sys/kernel/random/boot_id', 'utf8').trim()} ${afterName[19] ?? ''}`;
  } catch {
    return '';
  }
}

/**
 * Whether the process that wrote this still runs. One of another host or container is not visible here and
 * counts as gone, so that a restarted container can open its store; the engine's own lock covers the rest.
 */
export function isSameProcess(owner: { readonly pid: number; readonly start: string; readonly host: string }): boolean {
  if (owner.host !== hostname()) return false;
  return owner.start === '' ? isRunning(owner.pid) : processStart(owner.pid) === owner.start;
}

/** Whether a process with this pid runs, of whichever user. */
export function isRunning(pid: number): boolean {
  try {
    process.kill(pid, 0);
    return true;
  } catch (cause) {
    return cause instanceof Error && 'code' in cause && cause.code === 'EPERM';
  }
}
