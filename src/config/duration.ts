import { formatWithUnit, multiplyDecimal, type Quantity, type Unit } from './quantity.ts';

/** Months and years are left out on purpose: they have no fixed length. */
const units: readonly Unit[] = [
  ['w', 604_800_000],
  ['d', 86_400_000],
  ['h', 3_600_000],
  ['m', 60_000],
  ['s', 1000],
  ['ms', 1],
];

const step = /(\d+(?:\.\d+)?) ?([a-z]+) ?/giy;
const longestNumber = /^\d{1,16}(?:\.\d{1,9})?$/;
const remedy = 'write a number and one of ms, s, m, h, d, w, for example 30s, 12h or 90d';
const longestText = 100;

/** Reads `30s`, `1h30m`, `90d`, `0.5h` as milliseconds; units must come from the largest down. Never throws. */
export function parseDuration(text: string): Quantity {
  const trimmed = text.trim();
  if (/^\d+(\.\d+)?$/.test(trimmed)) {
    return { cause: 'it has no unit', remedy: `write ${trimmed}d for days, ${trimmed}s for seconds` };
  }
  const steps = trimmed.length > longestText ? [] : [...trimmed.matchAll(step)];
  const isWhole = steps.reduce((length, [text]) => length + text.length, 0) === trimmed.length;
  if (steps.length === 0 || !isWhole || !steps.every(([, decimal = '']) => longestNumber.test(decimal))) {
    return { cause: 'it is not a duration', remedy };
  }

  let totalMs = 0;
  let previousWorth = Number.POSITIVE_INFINITY;
  for (const [, decimal = '', name = ''] of steps) {
    const unit = units.find(([known]) => known === name);
    if (unit === undefined) return { cause: unknownUnit(name), remedy };
    if (unit[1] >= previousWorth) return { cause: 'its units do not come from the largest down', remedy };
    previousWorth = unit[1];
    totalMs += multiplyDecimal(decimal, unit[1]) ?? Number.POSITIVE_INFINITY;
  }
  return Number.isSafeInteger(totalMs) ? { value: totalMs } : { cause: 'it is longer than can be counted', remedy };
}

function unknownUnit(name: string): string {
  const isLongUnit = /^(mo|month|months|y|yr|year|years)$/i.test(name) || name === 'M';
  return isLongUnit ? `months and years have no fixed length ("${name}")` : `"${name}" is not a unit of time`;
}

/** `5400000` → `90m`: in the largest unit that is exact. */
export function formatDuration(milliseconds: number): string {
  return formatWithUnit(milliseconds, units);
}
