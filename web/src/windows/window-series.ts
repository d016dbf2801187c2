import type { Series, TimeSeries } from '../charts/time-series.ts';
import type { Unit } from '../format/quantity.ts';
import { nameOfNothing } from '../format/value-name.ts';
import type { LiveWindow } from './live-window.ts';
import type { ResultRow } from './windows-source.ts';

export interface SeriesChoice {
  /** Column with the numbers. */
  readonly value: string;
  readonly unit: Unit;
  /** Column whose values are series of their own; empty: all rows together. */
  readonly by: string;
  /** Rows of a series in one bucket are added up, or the greatest of them counts. */
  readonly isSum: boolean;
}

export interface WindowGrid {
  /** How often a window begins. */
  readonly everyMs: number;
  /** Whether rows are in several windows: those of a bucket cannot be added up then. */
  readonly isOverlapping: boolean;
}

/** Buckets of equal length, epoch ms. */
export interface Axis {
  readonly fromMs: number;
  readonly stepMs: number;
  readonly buckets: number;
}

export interface WindowSeries {
  readonly data: TimeSeries;
  readonly stepMs: number;
  /** Windows that lie before or after what is shown. */
  readonly outside: number;
  /** Values of `by` that are not series of their own. */
  readonly others: number;
}

const mostSeries = 5;
const mostBuckets = 240;
const leastBuckets = 30;
/** Lengths of a bucket in windows, of which the shortest is chosen that holds enough of them. */
const lengths = [1, 2, 5, 10, 15, 30, 60, 120, 300, 600, 900, 1800, 3600];
const enough = { latest: 0.5, densest: 0.5, all: 1 } as const;

/** Up to the latest window; where most are; or all of them. */
export type Shown = keyof typeof enough;

/** The key of what has no series of its own; no value is named so. */
const otherKey = '…';

/** @param windows the latest first */
export function windowSeries(
  windows: readonly LiveWindow[],
  grid: WindowGrid,
  { value, unit, by, isSum }: SeriesChoice,
  shown: Shown,
): WindowSeries {
  const axis = chooseAxis(
    windows.map(({ startMs }) => startMs),
    grid.everyMs,
    shown,
  );
  const { fromMs, stepMs, buckets } = axis;
  const bucketOf = ({ startMs }: LiveWindow) => Math.floor((startMs - fromMs) / stepMs);
  const inside = windows.filter((window) => bucketOf(window) >= 0 && bucketOf(window) < buckets);
  const inWindow = isSum ? add : greatest;
  const inBucket = isSum && !grid.isOverlapping ? add : greatest;
  const nameOf = (row: ResultRow) => (by === '' ? value : String(row[by] ?? ''));

  const own = mostOf(inside, value, nameOf, inWindow);
  const keyOf = (row: ResultRow) => (own.top.has(nameOf(row)) ? nameOf(row) : otherKey);
  const values = new Map<string, (number | null)[]>(
    [...own.top, ...(own.others > 0 ? [otherKey] : [])].map((key) => [key, new Array(buckets).fill(isSum ? 0 : null)]),
  );
  const isMarked = new Array<boolean>(buckets).fill(false);
  for (const window of inside) {
    const bucket = bucketOf(window);
    if (window.correction > 0) isMarked[bucket] = true;
    const found = new Map<string, number | null>();
    for (const row of window.rows)
      found.set(keyOf(row), inWindow(found.get(keyOf(row)) ?? null, readNumber(row[value])));
    for (const [key, number] of found) {
      const series = values.get(key);
      if (series) series[bucket] = inBucket(series[bucket] ?? null, number);
    }
  }
  const times = Array.from({ length: buckets }, (_, index) => fromMs + index * stepMs);
  const lastMs = Math.max(0, ...inside.map(({ endMs }) => endMs));
  const labelOf = (key: string) =>
    key === otherKey ? `${own.others} others` : by === '' ? value : key || nameOfNothing(by);
  return {
    data: {
      times,
      isPartial: times.map((time) => stepMs > grid.everyMs && time + stepMs > lastMs),
      isRunning: times.map(() => false),
      isMarked,
      series: [...values].map(
        ([key, numbers]): Series => ({
          ...{ key, label: labelOf(key), unit, term: undefined, values: numbers },
        }),
      ),
    },
    stepMs,
    outside: windows.length - inside.length,
    others: own.others,
  };
}

/** The shortest buckets that hold enough of the windows. @param starts the latest first, epoch ms */
export function chooseAxis(starts: readonly number[], everyMs: number, shown: Shown): Axis {
  const [latest = 0] = starts;
  for (const length of lengths) {
    const stepMs = everyMs * length;
    const [endMs, count] =
      shown === 'densest' ? densest(starts, stepMs * mostBuckets) : [latest, countSince(starts, stepMs)];
    if (count >= starts.length * enough[shown]) return axisAt(starts, endMs, stepMs);
  }
  return axisAt(starts, latest, everyMs * (shown === 'all' ? (lengths.at(-1) ?? 1) : 1));
}

function axisAt(starts: readonly number[], endMs: number, stepMs: number): Axis {
  const last = Math.floor(endMs / stepMs);
  const firstMs = starts.reduce((least, start) => (start <= endMs ? Math.min(least, start) : least), endMs);
  const buckets = Math.min(mostBuckets, Math.max(leastBuckets, last - Math.floor(firstMs / stepMs) + 1));
  return { fromMs: (last - buckets + 1) * stepMs, stepMs, buckets };
}

function countSince(starts: readonly number[], stepMs: number): number {
  const last = Math.floor((starts[0] ?? 0) / stepMs);
  return starts.filter((start) => Math.floor(start / stepMs) > last - mostBuckets).length;
}

/** The span of a length with most starts: its latest start, and how many. */
function densest(starts: readonly number[], lengthMs: number): readonly [endMs: number, count: number] {
  let best: readonly [number, number] = [starts[0] ?? 0, 0];
  for (let from = 0, to = 0; from < starts.length; from++) {
    const endMs = starts[from] ?? 0;
    while (to < starts.length && (starts[to] ?? 0) > endMs - lengthMs) to++;
    if (to - from > best[1]) best = [endMs, to - from];
  }
  return best;
}

/** The values with the greatest numbers. */
function mostOf(
  windows: readonly LiveWindow[],
  value: string,
  nameOf: (row: ResultRow) => string,
  combine: Combine,
): { readonly top: ReadonlySet<string>; readonly others: number } {
  const totals = new Map<string, number | null>();
  for (const { rows } of windows)
    for (const row of rows) totals.set(nameOf(row), combine(totals.get(nameOf(row)) ?? null, readNumber(row[value])));
  const names = [...totals].sort(([, one], [, other]) => (other ?? 0) - (one ?? 0)).map(([name]) => name);
  // One other has as much room as the words for it.
  const top = names.slice(0, names.length > mostSeries + 1 ? mostSeries : names.length);
  return { top: new Set(top), others: names.length - top.length };
}

type Combine = (one: number | null, other: number | null) => number | null;

const add: Combine = (one, other) => (one === null ? other : other === null ? one : one + other);
const greatest: Combine = (one, other) => (one === null ? other : other === null ? one : Math.max(one, other));

/** Integers of 64 bits come as text. */
function readNumber(cell: unknown): number | null {
  const number = cell === null || cell === undefined ? Number.NaN : Number(cell);
  return Number.isFinite(number) ? number : null;
}
