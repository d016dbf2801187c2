import { formatQuantity, type Unit } from '../format/quantity.ts';

/** What the height of a chart stands for. */
export interface ValueAxis {
  readonly min: number;
  readonly max: number;
  /** Rising; the first is `min`, the last `max`. */
  readonly ticks: readonly number[];
}

const mostIntervals = 4;
/** Values that differ by less than this part of the greatest would be one straight line on an axis from 0. */
const littleChange = 0.25;
/** The least height of an axis that does not begin at 0: below it, noise would look like an event. */
const leastShare = 0.01;

/**
 * An axis from 0 to a round number. That of shares begins near the least of them if they differ by little, because 78 %
 * that became 74 % would not be seen otherwise.
 *
 * @param canBeCut not where heights are compared, as those of bars are
 */
export function chooseAxis(values: readonly (number | null)[], unit: Unit, canBeCut: boolean): ValueAxis {
  const known = values.filter((value) => value !== null);
  const most = known.reduce((a, b) => Math.max(a, b), 0);
  const least = known.reduce((a, b) => Math.min(a, b), most);
  const isCut = canBeCut && unit === 'ratio' && known.length > 1 && most - least < littleChange * most;
  const cutAt = isCut ? Math.min(least, Math.max(0, (most + least - leastShare) / 2)) : 0;
  let step = 0;
  let first = 0;
  let last = 0;
  for (const wanted of roundSteps(Math.max(most - cutAt, isCut ? leastShare : 0), unit)) {
    step = wanted;
    first = Math.floor(cutAt / step + 1e-9);
    last = Math.max(first + 1, Math.ceil(most / step - 1e-9));
    if (unit === 'ratio') last = Math.min(last, Math.round(1 / step));
    if (last - first <= mostIntervals) break;
  }
  const ticks = Array.from({ length: last - first + 1 }, (_, index) =>
    Number(((first + index) * step).toPrecision(12)),
  );
  return { min: ticks[0] ?? 0, max: ticks.at(-1) ?? 1, ticks };
}

/** Distances between ticks, rising, from one that may be too small for a span. */
function* roundSteps(span: number, unit: Unit): Generator<number> {
  const whole = unit === 'count';
  const wanted = span > 0 ? span / mostIntervals : unit === 'ratio' ? 0.25 : whole ? 1 : 0.001;
  for (let power = Math.floor(Math.log10(wanted)); power < 300; power += 1) {
    for (const digit of [1, 2, 2.5, 3, 5]) {
      const step = digit * 10 ** power;
      if (step >= wanted - 1e-12 && (!whole || Number.isInteger(step))) yield step;
    }
  }
}

export function formatTick(value: number, unit: Unit): string {
  return printTick(value, unit).replace(/\.(\d*[1-9])?0*/, (_, digits = '') => (digits ? `.${digits}` : ''));
}

function printTick(value: number, unit: Unit): string {
  if (unit === 'ratio') return `${Number((value * 100).toFixed(2))}\u00a0%`;
  if (unit === 'count' && value >= 1000) return formatQuantity(value, 'bytes').replace(/B$/, '').trim();
  return formatQuantity(value, unit);
}
