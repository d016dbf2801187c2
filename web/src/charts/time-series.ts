import type { Fields } from '../../../src/filters/fields.ts';
import type { Term } from '../../../src/filters/filter.ts';
import { type Cell, type ReportAnswer, type ReportColumn, toNumber } from '../data/report-answer.ts';
import { readFilter, termOf } from '../filters/edit-filter.ts';
import type { Unit } from '../format/quantity.ts';
import { nameOfNothing } from '../format/value-name.ts';
import { parseUtc, type ResolvedRange } from '../view/time-range.ts';

export interface Series {
  /** Column name, or the value of the text column; decides the colour. */
  readonly key: string;
  readonly label: string;
  readonly unit: Unit;
  /** What it counts, as a filter. */
  readonly term: Term | undefined;
  /** One value per bucket; null where there is none. */
  readonly values: readonly (number | null)[];
}

export interface TimeSeries {
  /** Start of each bucket, epoch ms. */
  readonly times: readonly number[];
  /** Whether a bucket lies only partly in the range and in the past, which makes its counts low. */
  readonly isPartial: readonly boolean[];
  /** Whether it is not over yet. */
  readonly isRunning: readonly boolean[];
  /** Whether it is to be noticed, for example as an alert fired; absent where none is. */
  readonly isMarked?: readonly boolean[];
  readonly series: readonly Series[];
}

/**
 * Rows of a report to one series per numeric column, or per value of its text column if it has one. Buckets without a
 * row become `empty`: 0 for what can be counted, null for a share or a percentile of nothing.
 *
 * @param fields what the rows can be filtered by; default: the fields of requests
 */
export function toTimeSeries(answer: ReportAnswer, range: ResolvedRange, empty: 0 | null, fields?: Fields): TimeSeries {
  const timeColumn = answer.columns.find((column) => column.unit === 'time');
  const textColumn = answer.columns.find((column) => column.unit === 'text');
  const numeric = answer.columns.filter((column) => column.unit !== 'time' && column.unit !== 'text');
  if (!timeColumn) throw new Error(`The report "${answer.name}" has no column of the unit "time".`);

  const times = bucketStarts(range);
  const { asOfMs = Number.POSITIVE_INFINITY } = answer;
  const passed = { ...range, toMs: Math.min(range.toMs, asOfMs) };
  const position = new Map(times.map((time, index) => [time, index]));
  const series = new Map<string, Omit<Series, 'key'> & { values: (number | null)[] }>();
  const seriesOf = (key: string, label: string, { unit, part }: ReportColumn) => {
    const existing = series.get(key);
    if (existing) return existing;
    const term = textColumn?.field === undefined ? termOfPart(part) : termOf(textColumn.field, key, false, fields);
    const created = { label, unit, term, values: new Array<number | null>(times.length).fill(empty) };
    series.set(key, created);
    return created;
  };
  if (!textColumn) for (const column of numeric) seriesOf(column.name, column.label, column);

  for (const row of answer.rows) {
    const bucketMs = toBucket(row[timeColumn.name], range.step);
    const index = position.get(bucketMs);
    if (index === undefined) continue;
    for (const column of textColumn ? numeric.slice(0, 1) : numeric) {
      const key = textColumn ? String(row[textColumn.name] ?? '') : column.name;
      const label = textColumn ? key || nameOfNothing(textColumn.name) : column.label;
      seriesOf(key, label, column).values[index] = scaleRate(toNumber(row[column.name]), column, bucketMs, passed);
    }
  }
  const stepMs = range.step * 1000;
  return {
    times,
    isPartial: times.map((time) => time < passed.fromMs || time + stepMs > passed.toMs),
    isRunning: times.map((time) => time + stepMs > asOfMs),
    series: [...series].map(([key, one]) => ({ key, ...one })),
  };
}

function termOfPart(part: string | undefined): Term | undefined {
  return part === undefined ? undefined : readFilter(part).filter[0];
}

/** A report divides by the whole bucket; for a bucket half outside the range the rate would be half as high. */
function scaleRate(value: number | null, column: ReportColumn, bucketMs: number, range: ResolvedRange): number | null {
  if (value === null || column.unit !== 'bits-per-second') return value;
  const stepMs = range.step * 1000;
  const coveredMs = Math.min(bucketMs + stepMs, range.toMs) - Math.max(bucketMs, range.fromMs);
  // What is stored already of a bucket that begins later than now says nothing about a rate.
  return coveredMs > 0 ? (value * stepMs) / coveredMs : value;
}

/** Start of each bucket, epoch ms. */
export function bucketStarts({ fromMs, toMs, step }: ResolvedRange): number[] {
  const stepMs = step * 1000;
  const times: number[] = [];
  for (let time = Math.floor(fromMs / stepMs) * stepMs; time < toMs; time += stepMs) times.push(time);
  return times;
}

/** Weekly or monthly buckets may start at other times than ours; they belong to the bucket that they start in. */
function toBucket(cell: Cell | undefined, step: number): number {
  const ms = typeof cell === 'number' ? cell * 1000 : parseUtc(String(cell ?? ''));
  return Math.floor(ms / (step * 1000)) * step * 1000;
}

/** What a legend shows beside a series: the sum of counts and bytes; a rate and a share have no sum. */
export function totalOf(series: Series): number | null {
  if (series.unit !== 'count' && series.unit !== 'bytes') return null;
  return series.values.reduce<number>((sum, value) => sum + (value ?? 0), 0);
}
