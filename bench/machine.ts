import { spawnSync } from 'node:child_process';
import { cpus, loadavg, release, totalmem, type } from 'node:os';

/** Machine and software of a measurement, without which a ratio means little. */
export interface Machine {
  readonly processor: string;
  readonly processors: number;
  readonly memoryBytes: number;
  readonly system: string;
  readonly node: string;
  /** Commit of the checkout; ends with `+` when files differ from it. */
  readonly commit: string;
  readonly date: string;
  /** Processes that wanted a processor, mean of a minute, when the measurement began. */
  readonly load: number;
}

/** Mean of the last minute; above the number of processors, times say little and CPU seconds still much. */
export function currentLoad(): number {
  return loadavg()[0] ?? 0;
}

export function describeMachine(): Machine {
  return {
    processor: cpus()[0]?.model.trim() ?? 'unknown',
    processors: cpus().length,
    memoryBytes: totalmem(),
    system: `${type()} ${release()}`,
    node: process.version,
    commit: commit(),
    date: new Date().toISOString(),
    load: currentLoad(),
  };
}

function commit(): string {
  const git = (...args: string[]): string | undefined => {
    const answer = spawnSync('git', args, { encoding: 'utf8', cwd: import.meta.dirname });
    return answer.status === 0 ? answer.stdout.trim() : undefined;
  };
  const hash = git('rev-parse', '--short=12', 'HEAD');
  return hash === undefined ? 'unknown' : hash + (git('status', '--porcelain') === '' ? '' : '+');
}
