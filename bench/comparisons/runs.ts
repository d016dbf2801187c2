import { median } from '../classic-queries.ts';
import type { Finding } from '../findings.ts';

/** One run of a program. */
export interface Run {
  readonly seconds: number;
  readonly cpuSeconds: number;
}

/** Runs one after the other, so that a slow minute of the machine affects all alike; the results by kind. `where` is for the log. */
export async function alternate<T extends Readonly<Record<string, (round: number) => Promise<Run>>>>(
  repeat: number,
  kinds: T,
  where = '',
): Promise<{ [K in keyof T]: Awaited<ReturnType<T[K]>>[] }> {
  const runs = Object.fromEntries(Object.keys(kinds).map((kind) => [kind, [] as Run[]]));
  for (let round = 1; round <= repeat; round++) {
    for (const [kind, run] of Object.entries(kinds)) {
      const done = await run(round);
      console.error(`${kind}${where} ${round}: ${done.seconds.toFixed(2)} s, CPU ${done.cpuSeconds.toFixed(2)} s`);
      runs[kind]?.push(done);
    }
  }
  return runs as { [K in keyof T]: Awaited<ReturnType<T[K]>>[] };
}

/** Median of the time, beside the least CPU time: a disturbance only adds to that. */
export function timeFinding(name: string, runs: readonly Run[], atMost: number, beside = ''): Finding {
  return {
    name,
    value: secondsOf(runs),
    unit: 's',
    target: { atMost },
    cpu: cpuSecondsOf(runs),
    from: `${secondsText(runs)}${beside}`,
  };
}

/** How much faster we are than the peer. `lines` are those of each, when the peer did a part of them. */
export function speedFinding(
  name: string,
  { ours, peer, atLeast, lines = 1 }: { ours: readonly Run[]; peer: readonly Run[]; atLeast: number; lines?: number },
): Finding {
  const share = lines === 1 ? '' : `${lines} × `;
  return {
    name,
    value: (secondsOf(peer) * lines) / secondsOf(ours),
    unit: '×',
    target: { atLeast },
    cpu: (cpuSecondsOf(peer) * lines) / cpuSecondsOf(ours),
    from: `${share}${secondsOf(peer).toFixed(2)} s against ${secondsText(ours)}`,
  };
}

export function secondsOf(runs: readonly Run[]): number {
  return median(runs.map(({ seconds }) => seconds));
}

export function cpuSecondsOf(runs: readonly Run[]): number {
  return Math.min(...runs.map(({ cpuSeconds }) => cpuSeconds));
}

export function secondsText(runs: readonly Run[]): string {
  return `${runs.map(({ seconds }) => seconds.toFixed(2)).join(' / ')} s`;
}
