import {
  type Alert,
  type AnomalyCondition,
  type ChangeCondition,
  type Condition,
  type Direction,
  seasons,
} from './alert.ts';
import { AlertRefusal } from './alert-refusal.ts';
import { instanceOf, type Labels } from './instance.ts';

/** A row of an alert's SELECT. */
export type Row = Readonly<Record<string, unknown>>;

/** What the SELECT says of one instance. */
export interface Reading {
  /** Identity of the labels; see {@link instanceOf}. */
  readonly instance: string;
  readonly labels: Labels;
  /** Undefined: cannot be judged, so that everything stays as it is. */
  readonly isMet: boolean | undefined;
  /** For absence the age in seconds; null when there is none. */
  readonly value: number | null;
  /** The bound on this side. */
  readonly threshold: number | null;
  /** The median that the value is compared with. */
  readonly baseline: number | null;
}

/** Rows of the range, and of those that it is compared with. */
export interface Observed {
  readonly rows: readonly Row[];
  /** One list for each of {@link baselineOffsets}. */
  readonly earlier: readonly (readonly Row[])[];
  /** End of the range. */
  readonly toMs: number;
}

/** How long before the range those begin that it is compared with, in milliseconds. */
export function baselineOffsets({ condition, overMs }: Pick<Alert, 'condition' | 'overMs'>): number[] {
  const upTo = (count: number) => Array.from({ length: count }, (_, index) => index + 1);
  if (condition.type === 'change') return upTo(condition.days).map((day) => day * seasons.day);
  if (condition.type !== 'anomaly') return [];
  // The neighbours too, for a spread that a few values alone do not have.
  return upTo(condition.periods).flatMap((period) =>
    [overMs, 0, -overMs].map((shift) => period * seasons[condition.season] + shift),
  );
}

/** @throws AlertRefusal with a remedy when the rows are not of the form that the condition wants */
export function judgeCondition(
  { condition, labels }: Pick<Alert, 'condition' | 'labels'>,
  { rows, earlier, toMs }: Observed,
): Reading[] {
  const found = byInstance(rows, labels);
  if (condition.type === 'absence' && labels.length === 0 && found.size === 0)
    return [
      { ...instanceOf({}), isMet: true, value: null, threshold: inSeconds(condition.olderThanMs), baseline: null },
    ];
  const before = earlier.map((some) => byInstance(some, labels));
  return [...found].map(([instance, { row, labels }]) => {
    const samples = before
      .map((some) => some.get(instance)?.row)
      .flatMap((row) => (row ? [numberIn(row, 'value')] : []));
    const known = samples.filter((sample) => sample !== null);
    return { instance, labels, ...judgeRow(condition, row, known, toMs) };
  });
}

type Judgement = Omit<Reading, 'instance' | 'labels'>;

function judgeRow(condition: Condition, row: Row, samples: readonly number[], toMs: number): Judgement {
  switch (condition.type) {
    case 'threshold':
      return judgeBounds(condition, numberIn(row, 'value'));
    case 'ratio': {
      const [part, whole] = [numberIn(row, 'numerator'), numberIn(row, 'denominator')];
      const isEnough = part !== null && whole !== null && whole > 0 && whole >= condition.leastDenominator;
      return judgeBounds(condition, isEnough ? part / whole : null);
    }
    case 'absence': {
      const { olderThanMs } = condition;
      const atMs = olderThanMs === undefined ? toMs : timeIn(row, 'value');
      const ageMs = atMs === null ? null : toMs - atMs;
      const isMet = olderThanMs !== undefined && (ageMs === null || ageMs > olderThanMs);
      return { isMet, value: inSeconds(ageMs), threshold: inSeconds(olderThanMs), baseline: null };
    }
    case 'change':
      return judgeChange(condition, numberIn(row, 'value'), samples);
    case 'anomaly':
      return judgeAnomaly(condition, numberIn(row, 'value'), samples);
  }
}

function judgeBounds({ above, below }: { above?: number; below?: number }, value: number | null): Judgement {
  const isAbove = value !== null && above !== undefined && value > above;
  const isBelow = value !== null && below !== undefined && value < below;
  return { isMet: isAbove || isBelow, value, threshold: (isBelow ? below : (above ?? below)) ?? null, baseline: null };
}

/** Fewer say nothing of what is usual. */
const leastSamples = { change: 3, anomaly: 6 };

function judgeChange(
  { direction, relative, absolute }: ChangeCondition,
  value: number | null,
  samples: readonly number[],
): Judgement {
  const baseline = samples.length < leastSamples.change ? null : median(samples);
  return judgeDeviation(direction, value, baseline, Math.max(relative * Math.abs(baseline ?? 0), absolute));
}

/**
 * Robust z-score: a value deviates when it is further from the median than `score` times 1.4826 · MAD, which is the
 * standard deviation where values are spread normally, and neither one outlier nor one incident of the past moves. Where
 * all samples are nearly the same, one per cent of the median stands for their spread.
 */
function judgeAnomaly(
  { direction, score, leastDeviation }: AnomalyCondition,
  value: number | null,
  samples: readonly number[],
): Judgement {
  const baseline = samples.length < leastSamples.anomaly ? null : median(samples);
  const spread = baseline === null ? 0 : 1.4826 * median(samples.map((sample) => Math.abs(sample - baseline)));
  const usual = Math.max(spread, Math.abs(baseline ?? 0) / 100);
  return judgeDeviation(direction, value, baseline, Math.max(score * usual, leastDeviation));
}

function judgeDeviation(direction: Direction, value: number | null, baseline: number | null, most: number): Judgement {
  if (value === null || baseline === null) return { isMet: false, value, threshold: null, baseline };
  const isUp = direction !== 'down' && value > baseline + most;
  const isDown = direction !== 'up' && value < baseline - most;
  const goesDown = isDown || direction === 'down' || (direction === 'both' && value < baseline);
  return { isMet: isUp || isDown, value, threshold: goesDown ? baseline - most : baseline + most, baseline };
}

/** @param values at least one */
export function median(values: readonly number[]): number {
  const sorted = values.toSorted((one, other) => one - other);
  const middle = sorted.length / 2;
  const at = (index: number) => sorted[index] ?? Number.NaN;
  return Number.isInteger(middle) ? (at(middle - 1) + at(middle)) / 2 : at(Math.floor(middle));
}

function byInstance(rows: readonly Row[], names: readonly string[]): Map<string, { row: Row; labels: Labels }> {
  const found = new Map<string, { row: Row; labels: Labels }>();
  for (const row of rows) {
    const missing = names.find((name) => !Object.hasOwn(row, name));
    if (missing !== undefined)
      throw new AlertRefusal(`its SELECT has no column "${missing}"; select it, or take it from labels`);
    const { instance, labels } = instanceOf(Object.fromEntries(names.map((name) => [name, String(row[name] ?? '')])));
    if (found.has(instance))
      throw new AlertRefusal(
        `its SELECT has two rows for ${instance || 'the only instance'}; group by the columns in labels`,
      );
    found.set(instance, { row, labels });
  }
  return found;
}

/** Null: not a number, as of a share of zero. */
function numberIn(row: Row, column: string): number | null {
  const value = read(row, column);
  const number =
    typeof value === 'boolean' ? Number(value) : typeof value === 'string' ? Number.parseFloat(value) : value;
  return typeof number === 'number' && Number.isFinite(number) ? number : null;
}

/** A time as the engine writes it, in UTC, or seconds since 1970. 1970 itself is the greatest of no times. */
function timeIn(row: Row, column: string): number | null {
  const value = read(row, column);
  const ms = typeof value === 'number' ? value * 1000 : Date.parse(`${String(value).replace(' ', 'T')}Z`);
  return Number.isFinite(ms) && ms > 0 ? ms : null;
}

function read(row: Row, column: string): unknown {
  if (Object.hasOwn(row, column)) return row[column];
  throw new AlertRefusal(
    `its SELECT has no column "${column}", which its condition is about; name one so: … AS ${column}`,
  );
}

function inSeconds(ms: number | null | undefined): number | null {
  return ms === null || ms === undefined ? null : ms / 1000;
}
