import type { Series, TimeSeries } from './time-series.ts';

type Values = readonly (number | null)[];

/** What was at an earlier time, on the axis of a chart. */
export interface Ghost {
  /** Of which time, in words. */
  readonly label: string;
  /** Start of what each bucket is compared with, epoch ms. */
  readonly times: readonly number[];
  /** By the keys of series, one per bucket. */
  readonly values: ReadonlyMap<string, Values>;
  /** The sum of all series but these, by bucket. */
  readonly sumWithout: (hidden: ReadonlySet<string>) => Values;
}

/**
 * Moves earlier series to the buckets of a chart.
 * @param shiftMs how much earlier, in whole buckets
 */
export function moveToAxis(earlier: TimeSeries, shiftMs: number, label: string, times: readonly number[]): Ghost {
  const position = new Map(earlier.times.map((time, index) => [time + shiftMs, index]));
  const places = times.map((time) => position.get(time));
  const move = (values: Values): Values =>
    places.map((place) => (place === undefined ? null : (values[place] ?? null)));
  return {
    label,
    times: times.map((time) => time - shiftMs),
    values: new Map(earlier.series.map(({ key, values }) => [key, move(values)])),
    sumWithout: (hidden) => move(sum(earlier, hidden)),
  };
}

function sum({ times, series }: TimeSeries, hidden: ReadonlySet<string>): Values {
  const added = series.filter(({ key }) => !hidden.has(key));
  return times.map((_, index) => added.reduce((total, { values }) => total + (values[index] ?? 0), 0));
}

/** What a chart draws of it: the sum of a stack, else a line for each that is shown. */
export function ghostLines(
  ghost: Ghost,
  all: readonly Series[],
  shown: readonly Series[],
  isStacked: boolean,
): readonly { readonly key: string; readonly values: Values }[] {
  if (isStacked) return [{ key: '', values: ghost.sumWithout(hiddenKeys(all, shown)) }];
  return shown.map(({ key }) => ({ key, values: ghost.values.get(key) ?? [] }));
}

export function hiddenKeys(all: readonly Series[], shown: readonly Series[]): ReadonlySet<string> {
  return new Set(all.filter((one) => !shown.includes(one)).map(({ key }) => key));
}
