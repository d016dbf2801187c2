import type { Engine } from '../engine/engine.ts';
import { isTrustedWorker } from '../ledger/worker.ts';
import type { InstanceState, Phase } from './advance-state.ts';
import type { KnownInstance, Transition } from './evaluate-alert.ts';
import type { Labels } from './instance.ts';
import type { Message } from './message.ts';

/** Where and for whom alerts are recorded. */
export interface AlertBook {
  readonly engine: Engine;
  /** Id of the worker that evaluates; empty where there is only one process. Nothing is recorded once others may consider it dead. */
  readonly worker: string;
}

/** A transition as it is recorded: with who is told what. */
export interface RecordedTransition extends Transition {
  readonly receivers: readonly string[];
  /** Absent when nobody is told anything. */
  readonly message?: Message;
}

/** One statement, whose rows are all there or none. It may be repeated: the rows are the same then. */
export async function recordTransitions(
  { engine, worker }: AlertBook,
  transitions: readonly RecordedTransition[],
): Promise<void> {
  if (transitions.length === 0) return;
  const rows = transitions.map(({ state, announce, message, receivers, labels, ...one }) => ({
    ...one,
    ...state,
    labels,
    announce: announce ?? '',
    receivers: announce === null ? [] : receivers,
    message: message ? JSON.stringify(message) : '',
  }));
  await engine.run({
    sql: `
      INSERT INTO alert_transitions (alert, instance, labels, sequence, key, at, phase, since, clear_since, fired_at,
        is_announced, announce, receivers, suppressed_by, value, threshold, baseline, message, written_at)
      SELECT
        t.alert, t.instance, t.labels, t.sequence, t.key, ${timeOf('t.atMs')}, t.phase, ${timeOf('t.sinceMs')},
        if(isNull(t.clearSinceMs), NULL, ${timeOf('assumeNotNull(t.clearSinceMs)')}),
        arrayMap(ms -> ${timeOf('ms')}, t.firedAtMs), t.isAnnounced, t.announce, t.receivers, t.suppressedBy, t.value,
        t.threshold, t.baseline, t.message, now64(3)
      FROM (
        SELECT arrayJoin(JSONExtract({rows:String}, 'Array(Tuple(alert String, instance String, labels Map(String, String),
          sequence UInt64, key String, atMs Int64, phase String, sinceMs Int64, clearSinceMs Nullable(Int64),
          firedAtMs Array(Int64), isAnnounced Bool, announce String, receivers Array(String), suppressedBy String,
          value Nullable(Float64), threshold Nullable(Float64), baseline Nullable(Float64), message String))')) AS t
      )
      WHERE ${isTrustedWorker}`,
    params: { rows: JSON.stringify(rows), worker },
  });
}

export interface EvaluationRecord {
  readonly alert: string;
  readonly atMs: number;
  readonly value: number | null;
  readonly threshold: number | null;
  readonly baseline: number | null;
  readonly groups: number;
  readonly met: number;
  readonly problem: string;
}

export async function recordEvaluations(
  { engine, worker }: AlertBook,
  evaluations: readonly EvaluationRecord[],
): Promise<void> {
  if (evaluations.length === 0) return;
  await engine.run({
    sql: `
      INSERT INTO alert_evaluations (alert, at, value, threshold, baseline, groups, met, problem)
      SELECT e.alert, ${timeOf('e.atMs')}, e.value, e.threshold, e.baseline, e.groups, e.met, e.problem
      FROM (
        SELECT arrayJoin(JSONExtract({rows:String}, 'Array(Tuple(alert String, atMs Int64, value Nullable(Float64),
          threshold Nullable(Float64), baseline Nullable(Float64), groups UInt32, met UInt32, problem String))')) AS e
      )
      WHERE ${isTrustedWorker}`,
    params: { rows: JSON.stringify(evaluations), worker },
  });
}

/** What is known of instances, by alert: of those that are pending or fire, and of those that changed within a day. */
export async function readKnown(engine: Engine): Promise<Map<string, Map<string, KnownInstance>>> {
  const rows = await engine.rows<InstanceState & { alert: string; instance: string; labels: Labels; sequence: number }>(
    {
      sql: `
      SELECT
        alert, instance, argMax(labels, t.sequence) AS labels, max(t.sequence) AS sequence, argMax(t.phase, t.sequence) AS phase,
        argMax(${msOf('since')}, t.sequence) AS sinceMs,
        argMax(tuple(if(isNull(clear_since), NULL, ${msOf('assumeNotNull(clear_since)')})), t.sequence).1 AS clearSinceMs,
        argMax(arrayMap(at -> ${msOf('at')}, fired_at), t.sequence) AS firedAtMs,
        argMax(is_announced, t.sequence) AS isAnnounced
      FROM alert_transitions AS t
      GROUP BY alert, instance
      HAVING phase IN ('pending', 'firing') OR max(t.at) > now64(3) - toIntervalDay(1)`,
    },
  );
  const known = new Map<string, Map<string, KnownInstance>>();
  for (const { alert, instance, labels, sequence, ...state } of rows) {
    const instances = known.get(alert) ?? new Map<string, KnownInstance>();
    known.set(
      alert,
      instances.set(instance, { labels, sequence, state: { ...state, isAnnounced: Boolean(state.isAnnounced) } }),
    );
  }
  return known;
}

/** The last evaluation of each alert. @param fromMs epoch ms: earlier ones are neither read nor found */
export async function readLastEvaluations(engine: Engine, fromMs: number): Promise<Map<string, EvaluationRecord>> {
  const rows = await engine.rows<EvaluationRecord>({
    sql: `
      SELECT
        alert, max(${msOf('e.at')}) AS atMs, argMax(tuple(e.value), e.at).1 AS value,
        argMax(tuple(e.threshold), e.at).1 AS threshold, argMax(tuple(e.baseline), e.at).1 AS baseline,
        argMax(e.groups, e.at) AS groups, argMax(e.met, e.at) AS met, argMax(e.problem, e.at) AS problem
      FROM alert_evaluations AS e
      WHERE e.at >= fromUnixTimestamp64Milli({from:Int64}, 'UTC')
      GROUP BY alert`,
    params: { from: fromMs },
  });
  return new Map(rows.map((row) => [row.alert, row]));
}

/** An instance that is pending or fires, with what it was recorded with. */
export interface ActiveInstance {
  readonly alert: string;
  readonly labels: Labels;
  readonly phase: Phase;
  readonly sinceMs: number;
  readonly value: number | null;
  readonly threshold: number | null;
  readonly baseline: number | null;
  readonly suppressedBy: string;
  readonly isAnnounced: boolean;
}

export async function readActive(engine: Engine): Promise<ActiveInstance[]> {
  const rows = await engine.rows<ActiveInstance>({
    sql: `
      SELECT
        alert, labels, phase, ${msOf('since')} AS sinceMs, value, threshold, baseline, suppressed_by AS suppressedBy,
        is_announced AS isAnnounced
      FROM alert_transitions
      WHERE (alert, instance, sequence) IN (
        SELECT alert, instance, max(sequence) FROM alert_transitions GROUP BY alert, instance
        HAVING argMax(phase, sequence) IN ('pending', 'firing')
      )
      ORDER BY alert, instance
      LIMIT 1 BY alert, instance`,
  });
  return rows.map((row) => ({ ...row, isAnnounced: Boolean(row.isAnnounced) }));
}

/** One line of an alert's history. */
export interface HistoryEntry {
  readonly atMs: number;
  readonly labels: Labels;
  readonly phase: Phase;
  readonly announce: string;
  readonly receivers: string[];
  readonly suppressedBy: string;
  readonly value: number | null;
  readonly threshold: number | null;
  readonly baseline: number | null;
  readonly message: Message | null;
}

/** The latest changes of an alert, latest first. */
export async function readHistory(engine: Engine, alert: string, most: number): Promise<HistoryEntry[]> {
  const rows = await engine.rows<Omit<HistoryEntry, 'message'> & { message: string }>({
    sql: `
      SELECT
        ${msOf('t.at')} AS atMs, labels, phase, announce, receivers, suppressed_by AS suppressedBy, value, threshold, baseline,
        message
      FROM alert_transitions AS t
      WHERE alert = {alert:String}
      ORDER BY t.at DESC, sequence DESC
      LIMIT 1 BY instance, sequence
      LIMIT {most:UInt32}`,
    params: { alert, most },
  });
  return rows.map(({ message, ...row }) => ({
    ...row,
    message: message === '' ? null : (JSON.parse(message) as Message),
  }));
}

/** Values of an alert's evaluations, oldest first. */
export function readValues(engine: Engine, alert: string, most: number): Promise<EvaluationRecord[]> {
  return engine.rows<EvaluationRecord>({
    sql: `
      SELECT * FROM (
        SELECT alert, ${msOf('e.at')} AS atMs, value, threshold, baseline, groups, met, problem
        FROM alert_evaluations AS e
        WHERE alert = {alert:String}
        ORDER BY atMs DESC
        LIMIT 1 BY atMs
        LIMIT {most:UInt32}
      )
      ORDER BY atMs`,
    params: { alert, most },
  });
}

/** What a receiver has not acknowledged. */
export interface Waiting {
  readonly key: string;
  /** How often it was tried already. */
  readonly attempts: number;
  /** By the store's clock, epoch ms. */
  readonly writtenAtMs: number;
  readonly message: string;
}

/** Older ones are not told any more, whatever became of them. */
const waitingDays = 30;

/** Messages that a receiver has not acknowledged and that are not given up, oldest first. */
export function readWaiting(engine: Engine, receiver: string, most: number): Promise<Waiting[]> {
  return engine.rows<Waiting>({
    sql: `
      SELECT w.message_key AS key, d.attempts AS attempts, w.written AS writtenAtMs, w.message AS message
      FROM (
        SELECT
          concat(t.key, '-', t.announce) AS message_key, min(${msOf('t.written_at')}) AS written, any(t.message) AS message
        FROM alert_transitions AS t
        WHERE t.announce != '' AND has(t.receivers, {receiver:String})
          AND t.written_at > now64(3) - toIntervalDay({days:UInt32})
        GROUP BY message_key
      ) AS w
      LEFT JOIN (
        SELECT key, max(attempt) AS attempts, argMax(state, attempt) AS state
        FROM alert_deliveries
        WHERE receiver = {receiver:String}
        GROUP BY key
      ) AS d ON w.message_key = d.key
      WHERE d.state IN ('', 'failed')
      ORDER BY writtenAtMs, key
      LIMIT {most:UInt32}`,
    params: { receiver, most, days: waitingDays },
  });
}

function timeOf(ms: string): string {
  return `fromUnixTimestamp64Milli(${ms}, 'UTC')`;
}

function msOf(time: string): string {
  return `toUnixTimestamp64Milli(${time})`;
}
