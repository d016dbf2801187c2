import type { Plot } from './plot.ts';
import type { Series } from './time-series.ts';

/** Bars for what is counted in a bucket, areas for a rate that adds up, lines for what must not be added. */
export type Drawing = 'bars' | 'areas' | 'lines';

/** A path of an SVG image. */
export interface Shape {
  /** Filled, a line, or points: those have no length, and are seen by their round ends. */
  readonly kind: 'fill' | 'line' | 'point';
  readonly d: string;
  /** Of buckets that are counted in part: paler. */
  readonly isInPart: boolean;
}

type Values = readonly (number | null)[];

/**
 * What is counted in part is paler: of bars, and of a line or an area that leads there from the last whole bucket.
 * @param below what the series stands on, by bucket
 */
export function drawSeries(
  { values }: Pick<Series, 'values'>,
  below: readonly number[],
  isPartial: readonly boolean[],
  drawing: Drawing,
  plot: Plot,
): readonly Shape[] {
  const isWhole = isPartial.map((isPart) => !isPart);
  // From and to the whole ones beside it.
  const isPart = isPartial.map((is, index) => is || isPartial[index - 1] === true || isPartial[index + 1] === true);
  const shapes =
    drawing === 'bars'
      ? [fill(drawBars(values, below, isWhole, plot), false), fill(drawBars(values, below, isPartial, plot), true)]
      : drawing === 'areas'
        ? [fill(drawArea(values, below, isWhole, plot), false), fill(drawArea(values, below, isPart, plot), true)]
        : [...drawLine(only(values, isWhole), plot, false), ...drawLine(only(values, isPart), plot, true, isPartial)];
  return shapes.filter(({ d }) => d !== '');
}

/** The line of what was before. */
export function drawGhost(values: Values, plot: Plot): readonly Shape[] {
  return drawLine(values, plot, false).filter(({ d }) => d !== '');
}

/** The sum of the series below each, by bucket. */
export function stackSeries(shown: readonly Pick<Series, 'values'>[], buckets: number): readonly (readonly number[])[] {
  let top = new Array<number>(buckets).fill(0);
  return shown.map(({ values }) => {
    const below = top;
    top = below.map((sum, index) => sum + (values[index] ?? 0));
    return below;
  });
}

const fill = (d: string, isInPart: boolean): Shape => ({ kind: 'fill', d, isInPart });

const only = (values: Values, isWanted: readonly boolean[]): Values =>
  values.map((value, index) => (isWanted[index] ? value : null));

const place = (value: number): string => String(Math.round(value * 10) / 10);

const mostBarPixels = 42;

function drawBars(values: Values, below: readonly number[], isWanted: readonly boolean[], plot: Plot): string {
  const width = Math.min(mostBarPixels, plot.band * 0.82);
  // Edges between pixels would blur; narrow bars would all get another width instead.
  const snap = width >= 4 ? Math.round : (x: number) => x;
  return values
    .map((value, index) => {
      if (!value || !isWanted[index]) return '';
      const left = snap(plot.xOf(index) - width / 2);
      const right = snap(plot.xOf(index) + width / 2);
      const foot = below[index] ?? 0;
      return `M${place(left)} ${place(plot.yOf(foot))}V${place(plot.yOf(foot + value))}H${place(right)}V${place(plot.yOf(foot))}Z`;
    })
    .join('');
}

function drawArea(values: Values, below: readonly number[], isWanted: readonly boolean[], plot: Plot): string {
  return stretches(only(values, isWanted))
    .filter((stretch) => stretch.length > 1)
    .map((stretch) => {
      const point = (index: number, value: number) => `${place(plot.xOf(index))} ${place(plot.yOf(value))}`;
      const top = stretch.map((index) => point(index, (below[index] ?? 0) + (values[index] ?? 0)));
      const foot = stretch.toReversed().map((index) => point(index, below[index] ?? 0));
      return `M${[...top, ...foot].join('L')}Z`;
    })
    .join('');
}

/** @param isPoint where a value without neighbours is drawn; default: everywhere */
function drawLine(values: Values, plot: Plot, isInPart: boolean, isPoint?: readonly boolean[]): Shape[] {
  const point = (index: number) => `${place(plot.xOf(index))} ${place(plot.yOf(values[index] ?? 0))}`;
  const all = stretches(values);
  const lines = all.filter(({ length }) => length > 1).map((stretch) => `M${stretch.map(point).join('L')}`);
  // A point between two gaps has no line: without a mark it would be invisible.
  const lonely = all.filter(([index = 0, ...others]) => others.length === 0 && (isPoint?.[index] ?? true));
  return [
    { kind: 'line', d: lines.join(''), isInPart },
    { kind: 'point', d: lonely.map(([index = 0]) => `M${point(index)}h0`).join(''), isInPart },
  ];
}

/** Buckets with values, in groups without a gap. */
function stretches(values: Values): number[][] {
  const found: number[][] = [];
  values.forEach((value, index) => {
    if (value === null) return;
    const last = found.at(-1);
    if (last?.at(-1) === index - 1) last.push(index);
    else found.push([index]);
  });
  return found;
}

/** Parts of a whole beside the percentiles of all: `p95_hit` has the colour of hits, and that is close to theirs. */
export function isDashed(key: string): boolean {
  return /^p\d+_/.test(key);
}
