import type { Engine } from '../engine/engine.ts';
import type { Alert } from './alert.ts';
import { evaluateAlert, type KnownInstance } from './evaluate-alert.ts';
import type { MaintenanceWindow } from './maintenance.ts';
import { describeTransition, type Message } from './message.ts';
import type { AlertRange } from './read-rows.ts';
import { whySuppressed } from './suppress.ts';

export interface BacktestOptions {
  readonly engine: Engine;
  readonly maintenance: readonly MaintenanceWindow[];
  readonly publicUrl?: string | undefined;
  readonly signal: AbortSignal;
}

/** A change that the alert would have made. */
export interface BacktestEntry {
  readonly atMs: number;
  readonly instance: string;
  readonly phase: string;
  readonly value: number | null;
  readonly threshold: number | null;
  readonly baseline: number | null;
  readonly suppressedBy: string;
  /** What receivers would have been told; null for nothing. */
  readonly message: Message | null;
}

export interface Backtest {
  readonly evaluations: number;
  readonly entries: readonly BacktestEntry[];
  /** Problems of evaluations, each once. */
  readonly problems: readonly string[];
}

/** Each takes at least one query. */
const mostEvaluations = 3_000;

/**
 * Evaluates an alert at each of its times in a range, as if nothing had been known before. Records and sends nothing. It
 * sees the rows of today, also those that came late; silences and other alerts suppress nothing.
 * @throws Error of its SELECT; or when the range has too many evaluations
 */
export async function backtest(
  alert: Alert,
  { fromMs, toMs }: AlertRange,
  options: BacktestOptions,
): Promise<Backtest> {
  const { engine, maintenance, publicUrl, signal } = options;
  const first = Math.ceil(fromMs / alert.everyMs) * alert.everyMs;
  const count = Math.floor((toMs - first) / alert.everyMs) + 1;
  if (count > mostEvaluations)
    throw new Error(
      `cannot test "${alert.name}": the range has ${count} evaluations, and ${mostEvaluations} are the most; choose a shorter one`,
    );
  const known = new Map<string, KnownInstance>();
  const entries: BacktestEntry[] = [];
  const problems = new Set<string>();
  for (let atMs = first; atMs <= toMs; atMs += alert.everyMs) {
    const suppress = (labels: KnownInstance['labels']) =>
      whySuppressed(alert, labels, atMs, { silences: [], maintenance, firing: new Map() });
    const { range, transitions, problem } = await evaluateAlert(alert, atMs, { engine, known, suppress, signal });
    if (problem !== '') problems.add(problem);
    for (const transition of transitions) {
      const { instance, labels, state, sequence, announce, value, threshold, baseline, suppressedBy } = transition;
      known.set(instance, { labels, state, sequence });
      const message = announce && describeTransition(alert, transition, { range, changes: [], publicUrl });
      entries.push({ atMs, instance, phase: state.phase, value, threshold, baseline, suppressedBy, message });
    }
  }
  return { evaluations: Math.max(0, count), entries, problems: [...problems] };
}
