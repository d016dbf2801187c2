import type { Engine } from '../engine/engine.ts';
import { withOwnAbort } from '../waiting/own-abort.ts';
import type { InstanceState } from './advance-state.ts';
import type { Alert } from './alert.ts';
import { AlertRefusal } from './alert-refusal.ts';
import { type Evaluation, evaluateAlert, type KnownInstance } from './evaluate-alert.ts';
import type { Labels } from './instance.ts';
import type { MaintenanceWindow } from './maintenance.ts';
import { describeTransition, type Message } from './message.ts';
import type { AlertRange } from './read-rows.ts';
import { whySuppressed } from './suppress.ts';

export interface BacktestOptions {
  readonly engine: Engine;
  readonly maintenance: readonly MaintenanceWindow[];
  readonly publicUrl?: string | undefined;
  readonly signal: AbortSignal;
  /** Longer work ends with what there is; default: it does not. */
  readonly mostMs?: number;
}

/** A change that the alert would have made. */
export interface BacktestEntry {
  readonly atMs: number;
  readonly instance: string;
  readonly labels: Labels;
  readonly phase: InstanceState['phase'];
  readonly value: number | null;
  readonly threshold: number | null;
  readonly baseline: number | null;
  readonly suppressedBy: string;
  /** What receivers would have been told; null for nothing. */
  readonly message: Message | null;
}

/** What an evaluation found: of the group with the greatest deviation. */
export interface BacktestValue {
  readonly atMs: number;
  readonly value: number | null;
  readonly threshold: number | null;
  readonly baseline: number | null;
  /** Groups for which the condition holds. */
  readonly met: number;
}

export interface Backtest {
  /** That were made. */
  readonly evaluations: number;
  /** Whether these are all of the range. */
  readonly isComplete: boolean;
  readonly values: readonly BacktestValue[];
  readonly entries: readonly BacktestEntry[];
  /** Problems of evaluations, each once. */
  readonly problems: readonly string[];
}

/** Each takes at least one query. */
const mostEvaluations = 3_000;
/** Evaluations end after so many changes, which are held in memory. */
const mostEntries = 20_000;

/**
 * Evaluates an alert at each of its times in a range, as if nothing had been known before. Records and sends nothing. It
 * sees the rows of today, also those that came late; silences and other alerts suppress nothing.
 * @throws AlertRefusal when the range has too many evaluations, or its SELECT is not as it must be; EngineError; the reason of the signal
 */
export async function backtest(
  alert: Alert,
  { fromMs, toMs }: AlertRange,
  options: BacktestOptions,
): Promise<Backtest> {
  const { engine, maintenance, publicUrl, signal, mostMs } = options;
  const first = Math.ceil(fromMs / alert.everyMs) * alert.everyMs;
  const count = Math.max(0, Math.floor((toMs - first) / alert.everyMs) + 1);
  if (count > mostEvaluations)
    throw new AlertRefusal(
      `cannot test "${alert.name}": the range has ${count} evaluations, and ${mostEvaluations} are the most; choose a shorter one`,
    );
  const known = new Map<string, KnownInstance>();
  const values: BacktestValue[] = [];
  const entries: BacktestEntry[] = [];
  const problems = new Set<string>();
  const evaluate = async (atMs: number, own: AbortSignal) => {
    const suppress = (labels: Labels) =>
      whySuppressed(alert, labels, atMs, { silences: [], maintenance, firing: new Map() });
    const { range, readings, transitions, problem } = await evaluateAlert(alert, atMs, {
      ...{ engine, known, suppress, signal: own },
    });
    values.push(foundBy(atMs, readings));
    if (problem !== '') problems.add(problem);
    for (const transition of transitions) {
      const { instance, labels, state, sequence, announce, value, threshold, baseline, suppressedBy } = transition;
      known.set(instance, { labels, state, sequence });
      const message = announce && describeTransition(alert, transition, { range, changes: [], publicUrl });
      entries.push({ atMs, instance, labels, phase: state.phase, value, threshold, baseline, suppressedBy, message });
    }
  };
  await withOwnAbort(signal, async (own) => {
    const timer = mostMs === undefined ? undefined : setTimeout(() => own.abort(new Error('the time is over')), mostMs);
    try {
      for (let atMs = first; atMs <= toMs && entries.length < mostEntries; atMs += alert.everyMs)
        await evaluate(atMs, own.signal);
    } catch (cause) {
      signal.throwIfAborted();
      if (own.signal.aborted) return;
      throw cause instanceof AlertRefusal ? new AlertRefusal(`cannot test "${alert.name}": ${cause.message}`) : cause;
    } finally {
      clearTimeout(timer);
    }
  });
  return { evaluations: values.length, isComplete: values.length === count, values, entries, problems: [...problems] };
}

function foundBy(atMs: number, readings: Evaluation['readings']): BacktestValue {
  const { value = null, threshold = null, baseline = null } = readings[0] ?? {};
  return { atMs, value, threshold, baseline, met: readings.filter(({ isMet }) => isMet).length };
}
