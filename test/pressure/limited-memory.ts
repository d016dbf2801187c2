import { mkdirSync, readFileSync, rmdirSync, writeFileSync } from 'node:fs';
import { join } from 'node:path';

/** A control group with a bound on memory; needs root, and cgroup v1 or v2 where groups may be made. */
export interface LimitedMemory {
  /** Put before a command, starts it within the group. */
  readonly wrapper: readonly string[];
  /** How often the kernel killed a process of the group for lack of memory. */
  kills(): number;
  peakBytes(): number;
  remove(): void;
}

interface Hierarchy {
  readonly root: string;
  readonly limit: string;
  readonly peak: string;
  readonly events: string;
}

const hierarchies: readonly Hierarchy[] = [
  {
    root: '/sys/fs/cgroup/memory',
    limit: 'memory.limit_in_bytes',
    peak: 'memory.max_usage_in_bytes',
    events: 'memory.oom_control',
  },
  { root: '/sys/fs/cgroup', limit: 'memory.max', peak: 'memory.peak', events: 'memory.events' },
];

/** @returns the group, or why it cannot be created here */
export function limitMemory(bytes: number): LimitedMemory | string {
  const problems: string[] = [];
  for (const { root, limit, peak, events } of hierarchies) {
    const group = join(root, `tailrace-${process.pid}`);
    try {
      mkdirSync(group);
      writeFileSync(join(group, limit), String(bytes));
      return {
        wrapper: ['sh', '-c', `echo $$ > ${join(group, 'cgroup.procs')} && exec "$@"`, 'sh'],
        kills: () => Number(/oom_kill (\d+)/.exec(readFileSync(join(group, events), 'utf8'))?.[1] ?? 0),
        peakBytes: () => Number(readFileSync(join(group, peak), 'utf8')),
        remove: () => rmdirSync(group),
      };
    } catch (cause) {
      problems.push(String(cause));
    }
  }
  return `no control group can be made (${problems.join('; ')})`;
}
