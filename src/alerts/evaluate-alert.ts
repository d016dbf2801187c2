import type { Engine } from '../engine/engine.ts';
import { type Advance, advanceState, type InstanceState, inactive } from './advance-state.ts';
import type { Alert } from './alert.ts';
import { fingerprintOf, type Labels } from './instance.ts';
import { baselineOffsets, judgeCondition, type Reading, type Row } from './judge-condition.ts';
import { type AlertRange, readRows } from './read-rows.ts';

/** An instance as it was recorded last. */
export interface KnownInstance {
  readonly labels: Labels;
  readonly state: InstanceState;
  /** Of its records; the last one counts. */
  readonly sequence: number;
}

/** The instances of one alert, by {@link Reading.instance}. */
export type KnownInstances = ReadonlyMap<string, KnownInstance>;

/** A change of an instance, to be recorded. */
export interface Transition extends Advance, KnownInstance {
  readonly alert: string;
  readonly instance: string;
  /** The same for the same transition, however often it is made; of characters that a header may have. */
  readonly key: string;
  readonly atMs: number;
  readonly value: number | null;
  readonly threshold: number | null;
  readonly baseline: number | null;
  /** Why receivers are not told that it fires; empty when nothing keeps it from them. */
  readonly suppressedBy: string;
}

export interface Evaluation {
  readonly atMs: number;
  readonly range: AlertRange;
  /** Those that are looked at, greatest deviation first. */
  readonly readings: readonly Reading[];
  readonly transitions: readonly Transition[];
  /** What the operator should know of it; empty when there is nothing. */
  readonly problem: string;
}

/** Says why an instance is not to be announced now; empty when it may be. */
export type Suppress = (labels: Labels) => string;

export interface EvaluateOptions {
  readonly engine: Engine;
  readonly known: KnownInstances;
  readonly suppress: Suppress;
  readonly signal: AbortSignal;
}

export function rangeAt({ delayMs, overMs }: Alert, atMs: number): AlertRange {
  return { fromMs: atMs - delayMs - overMs, toMs: atMs - delayMs };
}

/**
 * Evaluates an alert as of a moment, which may be past. Only reads.
 * @throws Error of its SELECT with a remedy; the reason of the signal
 */
export async function evaluateAlert(alert: Alert, atMs: number, options: EvaluateOptions): Promise<Evaluation> {
  const { engine, known, suppress, signal } = options;
  const range = rangeAt(alert, atMs);
  const read = (offsetMs: number) => {
    const shifted = { fromMs: range.fromMs - offsetMs, toMs: range.toMs - offsetMs };
    return readRows(engine, { sql: alert.sql, range: shifted }, signal);
  };
  const rows = await read(0);
  const earlier: Row[][] = [];
  if (rows.length > 0) for (const offset of baselineOffsets(alert)) earlier.push(await read(offset));
  const all = judgeCondition(alert, { rows, earlier, toMs: range.toMs }).toSorted((a, b) => excess(b) - excess(a));
  let readings = all.slice(0, alert.maxGroups);
  let problem = '';
  if (all.length > readings.length)
    problem = `it has ${all.length} groups, of which the ${readings.length} with the greatest deviation are looked at; raise maxGroups, or group by fewer columns`;
  const { condition } = alert;
  if (condition.type === 'absence' && condition.by === 'event' && readings.some(({ isMet }) => isMet)) {
    const lateMs = await lateness(engine, range, atMs);
    if (lateMs !== undefined) {
      readings = readings.map((reading) => ({ ...reading, isMet: reading.isMet ? undefined : reading.isMet }));
      problem = `lines arrive ${Math.round(lateMs / 1000)} s late, so that nothing is known of this range yet; a longer delay than ${alert.delayMs / 1000} s would wait for them`;
    }
  }
  const seen = new Set(all.map(({ instance }) => instance));
  // What the SELECT does not return any more does not fulfil its condition any more.
  const gone = [...known]
    .filter(([instance, { state }]) => !seen.has(instance) && (state.phase === 'pending' || state.phase === 'firing'))
    .map(([instance, { labels }]): Reading => ({ instance, labels, isMet: false, ...nothing }));
  const transitions = [...readings, ...gone].flatMap((reading) => advance(alert, reading, atMs, known, suppress));
  return { atMs, range, readings, transitions, problem };
}

const nothing = { value: null, threshold: null, baseline: null };

function advance(
  alert: Alert,
  reading: Reading,
  atMs: number,
  known: KnownInstances,
  suppress: Suppress,
): Transition[] {
  const { instance, labels, isMet, value, threshold, baseline } = reading;
  const before = known.get(instance);
  const suppressedBy = isMet ? suppress(labels) : '';
  const previous = before?.state ?? inactive;
  const { state, announce } = advanceState(previous, { atMs, isMet, isSuppressed: suppressedBy !== '' }, alert);
  if (state === previous) return [];
  // Of the evaluation, so that an instance that was forgotten goes on after its earlier records.
  const sequence = Math.max(atMs, (before?.sequence ?? 0) + 1);
  const key = `${alert.name}-${fingerprintOf(alert.name, labels)}-${sequence}`;
  return [
    {
      alert: alert.name,
      instance,
      labels,
      key,
      sequence,
      atMs,
      state,
      announce,
      value,
      threshold,
      baseline,
      suppressedBy,
    },
  ];
}

/** How far a value is beyond its threshold, relative to it; those whose condition holds first. */
function excess({ isMet, value, threshold }: Reading): number {
  const distance = Math.abs((value ?? 0) - (threshold ?? 0)) / Math.max(Math.abs(threshold ?? 0), 1e-9);
  return isMet ? 1 + Math.min(distance, Number.MAX_VALUE) : -Math.min(distance, Number.MAX_VALUE);
}

/** By how much lines are late that were stored since the range began, where all of them are of before its end. */
async function lateness(engine: Engine, { fromMs, toMs }: AlertRange, atMs: number): Promise<number | undefined> {
  const [found] = await engine.rows<{ batches: number; late: number }>({
    sql: `
      SELECT count() AS batches, dateDiff('millisecond', max(assumeNotNull(last_time)), {to:DateTime64(3, 'UTC')}) AS late
      FROM ledger
      WHERE stored_at >= {from:DateTime64(3, 'UTC')} AND stored_at < {at:DateTime64(3, 'UTC')} AND last_time IS NOT NULL`,
    params: { from: new Date(fromMs), to: new Date(toMs), at: new Date(atMs) },
  });
  return found && found.batches > 0 && found.late > 0 ? found.late : undefined;
}
