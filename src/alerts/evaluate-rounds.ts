import { setTimeout as pause } from 'node:timers/promises';
import type { Alert } from './alert.ts';
import {
  type AlertBook,
  type EvaluationRecord,
  type RecordedTransition,
  readKnown,
  readLastEvaluations,
  recordEvaluations,
  recordTransitions,
} from './alert-book.ts';
import { filterFor } from './alert-filter.ts';
import type { AlertPlan } from './alert-plan.ts';
import {
  type Evaluation,
  evaluateAlert,
  type KnownInstance,
  type KnownInstances,
  type Transition,
} from './evaluate-alert.ts';
import { findChanges } from './find-changes.ts';
import type { Labels } from './instance.ts';
import { describeTransition } from './message.ts';
import { readSilences, silenceOf } from './silence-book.ts';
import { type Silence, whySuppressed } from './suppress.ts';

/** Of what was missed while nobody evaluated, no more is made up for than this, nor older. */
const mostMissed = 60;
const mostMissedMs = 3_600_000;
/** Looks at the clock at least this often, for it may be set. */
const longestPauseMs = 60_000;
/** Messages of an evaluation that tell what has changed: each takes a query. */
const mostChanges = 5;
const dayMs = 86_400_000;

export interface RoundsOptions {
  readonly counts: { evaluations: number; failures: number };
  readonly onEvent: (text: string) => void;
}

export interface RoundListeners {
  /** After each look at what is due. */
  readonly onRound: () => void;
  /** When somebody is to be told something. */
  readonly onAnnounced: () => void;
}

/** An evaluation that is due. */
interface Due {
  readonly alert: Alert;
  readonly atMs: number;
}

/** Evaluates alerts when they are due, and records what comes of it. */
export class AlertRounds {
  readonly #book: AlertBook;
  readonly #plan: AlertPlan;
  readonly #options: RoundsOptions;
  readonly #known: Map<string, Map<string, KnownInstance>>;
  /** By alert: the last evaluation. */
  readonly #lastMs: Map<string, number>;
  readonly #told = new Map<string, string>();

  private constructor(
    book: AlertBook,
    plan: AlertPlan,
    options: RoundsOptions,
    known: Map<string, Map<string, KnownInstance>>,
    lastMs: Map<string, number>,
  ) {
    this.#book = book;
    this.#plan = { ...plan, alerts: causesFirst(plan.alerts) };
    this.#options = options;
    this.#known = known;
    this.#lastMs = lastMs;
  }

  static async open(book: AlertBook, plan: AlertPlan, options: RoundsOptions): Promise<AlertRounds> {
    const known = await readKnown(book.engine);
    const lastMs = new Map([...(await readLastEvaluations(book.engine, 0))].map(([name, { atMs }]) => [name, atMs]));
    // A kill may have come between a transition and the record of its evaluation.
    for (const [name, instances] of known)
      for (const { sequence } of instances.values()) lastMs.set(name, Math.max(lastMs.get(name) ?? 0, sequence));
    return new AlertRounds(book, plan, options, known, lastMs);
  }

  /** Evaluates until the signal aborts. @throws what the store throws */
  async follow(signal: AbortSignal, { onRound, onAnnounced }: RoundListeners): Promise<void> {
    while (!signal.aborted) {
      if (await this.evaluateDue(Date.now(), signal)) onAnnounced();
      onRound();
      const nextMs = Math.min(
        ...this.#plan.alerts.map(({ everyMs }) => Math.floor(Date.now() / everyMs + 1) * everyMs),
      );
      await pause(Math.min(longestPauseMs, Math.max(1, nextMs - Date.now())), undefined, { signal }).catch(() => {});
    }
  }

  /** Evaluates what is due by now, in the order of time, causes before what depends on them. @returns whether somebody is to be told */
  async evaluateDue(nowMs: number, signal: AbortSignal): Promise<boolean> {
    const due = this.#plan.alerts
      .flatMap((alert) => this.#dueOf(alert, nowMs))
      .sort((one, other) => one.atMs - other.atMs);
    if (due.length === 0) return false;
    const silences = (await readSilences(this.#book.engine)).map(silenceOf);
    const records: EvaluationRecord[] = [];
    let isAnnounced = false;
    try {
      for (const one of due) {
        const { record, announced } = await this.#evaluate(one, silences, signal);
        records.push(record);
        isAnnounced ||= announced;
      }
    } finally {
      await recordEvaluations(this.#book, records);
    }
    return isAnnounced;
  }

  #dueOf(alert: Alert, nowMs: number): Due[] {
    const { name, everyMs } = alert;
    const untilMs = Math.floor(nowMs / everyMs) * everyMs;
    const lastMs = this.#lastMs.get(name);
    // A time to come was recorded before the clock was set back.
    const isKnown = lastMs !== undefined && lastMs <= nowMs + everyMs;
    const missed = Math.min(mostMissed, Math.floor(mostMissedMs / everyMs));
    const count = isKnown ? Math.min((untilMs - lastMs) / everyMs, Math.max(1, missed)) : 1;
    return Array.from({ length: Math.max(0, Math.ceil(count)) }, (_, index) => ({
      alert,
      atMs: untilMs - index * everyMs,
    }));
  }

  async #evaluate(
    { alert, atMs }: Due,
    silences: readonly Silence[],
    signal: AbortSignal,
  ): Promise<{ record: EvaluationRecord; announced: boolean }> {
    const { engine } = this.#book;
    const { counts } = this.#options;
    const nothing = { alert: alert.name, atMs, value: null, threshold: null, baseline: null, groups: 0, met: 0 };
    counts.evaluations++;
    try {
      const known: KnownInstances = this.#known.get(alert.name) ?? new Map();
      const suppressing = { silences, maintenance: this.#plan.maintenance, firing: this.#firing() };
      const suppress = (labels: Labels) => whySuppressed(alert, labels, atMs, suppressing);
      const evaluation = await evaluateAlert(alert, atMs, { engine, known, suppress, signal });
      await this.#record(alert, evaluation, signal);
      const { readings, problem } = evaluation;
      this.#tell(alert, problem);
      const { value = null, threshold = null, baseline = null } = readings[0] ?? {};
      const met = readings.filter(({ isMet }) => isMet).length;
      const record = { ...nothing, value, threshold, baseline, groups: readings.length, met, problem };
      return { record, announced: evaluation.transitions.some(({ announce }) => announce !== null) };
    } catch (cause) {
      signal.throwIfAborted();
      const { message } = cause as Error;
      counts.failures++;
      this.#tell(alert, `it cannot be evaluated: ${message}`);
      return { record: { ...nothing, problem: message }, announced: false };
    } finally {
      this.#lastMs.set(alert.name, atMs);
    }
  }

  async #record(alert: Alert, { range, transitions }: Evaluation, signal: AbortSignal): Promise<void> {
    const recorded: RecordedTransition[] = [];
    const { publicUrl } = this.#plan;
    for (const transition of transitions) {
      const isTold = transition.announce !== null;
      const wantsChanges = transition.announce === 'firing' && recorded.length < mostChanges;
      const changes = wantsChanges ? await this.#changesOf(alert, transition, range, signal) : [];
      const told = isTold ? { message: describeTransition(alert, transition, { range, changes, publicUrl }) } : {};
      recorded.push({ ...transition, receivers: alert.notify, ...told });
    }
    await recordTransitions(this.#book, recorded);
    const instances = this.#known.get(alert.name) ?? new Map<string, KnownInstance>();
    for (const { instance, labels, state, sequence } of transitions)
      instances.set(instance, { labels, state, sequence });
    for (const [instance, { state, sequence }] of instances) {
      const isActive = state.phase === 'pending' || state.phase === 'firing';
      if (!isActive && sequence < Date.now() - dayMs) instances.delete(instance);
    }
    this.#known.set(alert.name, instances);
  }

  /** A message without them is better than none. */
  async #changesOf(alert: Alert, { labels }: Transition, range: Evaluation['range'], signal: AbortSignal) {
    if (alert.filter === undefined || alert.notify.length === 0) return [];
    try {
      return await findChanges(this.#book.engine, { filter: filterFor(alert, labels), range, signal });
    } catch (cause) {
      signal.throwIfAborted();
      this.#options.onEvent(`${alert.name}: cannot tell what has changed: ${(cause as Error).message}`);
      return [];
    }
  }

  #firing(): Map<string, Labels[]> {
    const firingOf = (instances: KnownInstances) =>
      [...instances.values()].filter(({ state }) => state.phase === 'firing').map(({ labels }) => labels);
    return new Map([...this.#known].map(([name, instances]) => [name, firingOf(instances)]));
  }

  /** Each text once while it lasts. */
  #tell({ name }: Alert, problem: string): void {
    if (problem !== '' && this.#told.get(name) !== problem) this.#options.onEvent(`${name}: ${problem}`);
    this.#told.set(name, problem);
  }
}

/** An alert after those that it depends on. @param alerts without a circle */
export function causesFirst(alerts: readonly Alert[]): Alert[] {
  const sorted = new Set<Alert>();
  const add = (alert: Alert) => {
    for (const name of alert.dependsOn) {
      const cause = alerts.find((other) => other.name === name);
      if (cause) add(cause);
    }
    sorted.add(alert);
  };
  alerts.forEach(add);
  return [...sorted];
}
