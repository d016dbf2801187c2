/** Result of reading a text with a unit: a whole number of the base unit, or the reason and the remedy. */
export type Quantity = { readonly value: number } | { readonly cause: string; readonly remedy: string };

/** A unit and its size in base units, e.g. `['KiB', 1024]`. */
export type Unit = readonly [name: string, worth: number];

/**
 * `1.5` of a unit of 1000 is 1500. Exact: floating point would make 0.07 GB one byte too small. Fractions of a base
 * unit are dropped. `undefined` when the result exceeds the safe integers.
 */
export function multiplyDecimal(decimal: string, worth: number): number | undefined {
  const [whole = '', fraction = ''] = decimal.split('.');
  const exact = (BigInt(whole + fraction) * BigInt(worth)) / 10n ** BigInt(fraction.length);
  return exact <= BigInt(Number.MAX_SAFE_INTEGER) ? Number(exact) : undefined;
}

/** The shortest exact form of a whole number with one unit; `units` from the largest down to 1. */
export function formatWithUnit(value: number, units: readonly Unit[]): string {
  const [name, worth] = units.find(([, candidate]) => value >= candidate && value % candidate === 0) ??
    units.at(-1) ?? ['', 1];
  return `${value / worth}${name}`;
}
