import { readFileSync } from 'node:fs';

const longestMs = 1000;
/** Ticks of /proc: https://man7.org/linux/man-pages/man5/proc_pid_stat.5.html (fields 14 and 15) */
const msPerTick = 10;

export interface HealthWatch {
  /** @returns the problems: answers that took the server a second of work, or did not arrive */
  end(): Promise<string[]>;
}

/**
 * Polls the health of a server. A busy machine makes every server slow, so a late answer counts when
 * the server's main thread computed for a second before it, or slept through ten of them.
 */
export function watchHealth(url: string, pid: number, everyMs = 100): HealthWatch {
  const problems: string[] = [];
  let isOver = false;
  const watching = (async () => {
    while (!isOver) {
      const [began, computed] = [performance.now(), computedMs(pid)];
      const status = await fetch(`${url}/healthz`).then(
        (answer) => answer.status,
        (error: unknown) => String(error),
      );
      const [took, work] = [performance.now() - began, computedMs(pid) - computed];
      if (status !== 200) problems.push(`its answer is ${status}`);
      else if (took > longestMs && (work > longestMs || took > 10 * longestMs)) {
        problems.push(`it took ${Math.round(took)} ms, of which the server computed ${work} ms`);
      }
      await new Promise((resolve) => setTimeout(resolve, everyMs));
    }
  })();
  return {
    async end() {
      isOver = true;
      await watching;
      return problems;
    },
  };
}

/** CPU time of the main thread of a process, ms; without /proc, as if it always computed. */
function computedMs(pid: number): number {
  try {
    const stat = readFileSync(`/proc/${pid}/task/${pid}/stat`, 'utf8');
    const fields = stat.slice(stat.lastIndexOf(')') + 2).split(' ');
    return (Number(fields[11]) + Number(fields[12])) * msPerTick;
  } catch {
    return performance.now();
  }
}
