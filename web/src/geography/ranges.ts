import type { Term } from '../../../src/filters/filter.ts';
import { type Row, toNumber } from '../data/report-answer.ts';

/** Borders of ranges, seconds; as the reports have them by default. */
export const usualBounds = '0.1,0.5,1,5';

/** The borders in a text such as `0.1, 1`; null unless they are up to ten rising numbers. */
export function readBounds(text: string): readonly number[] | null {
  const bounds = text.split(',').map((part) => (part.trim() === '' ? Number.NaN : Number(part)));
  const isRising = bounds.every((bound, index) => bound > (bounds[index - 1] ?? 0));
  return isRising && bounds.length <= 10 && bounds.every(Number.isFinite) ? bounds : null;
}

/** `< 0.1 s`, `0.1–0.5 s` …, `≥ 5 s`. */
export function nameRange(bounds: readonly number[], range: number): string {
  const [from, to] = [bounds[range - 1], bounds[range]];
  if (from === undefined) return `< ${to} s`;
  return to === undefined ? `≥ ${from} s` : `${from}–${to} s`;
}

export function termsOfRange(field: string, bounds: readonly number[], range: number): Term[] {
  const [from, to] = [bounds[range - 1], bounds[range]];
  const term = (by: '>=' | '<', value: number): Term => ({
    field,
    isNegated: false,
    tests: [{ is: 'compared', by, value: String(value) }],
  });
  return [...(from === undefined ? [] : [term('>=', from)]), ...(to === undefined ? [] : [term('<', to)])];
}

/** Values of a measure by country, then by range; the countries in the order of the rows. */
export function pivot(rows: readonly Row[], measure: string, ranges: number): Map<string, number[]> {
  const found = new Map<string, number[]>();
  for (const row of rows) {
    const country = String(row.country ?? '');
    const values = found.get(country) ?? new Array<number>(ranges).fill(0);
    values[toNumber(row.range) ?? 0] = toNumber(row[measure]) ?? 0;
    found.set(country, values);
  }
  return found;
}
