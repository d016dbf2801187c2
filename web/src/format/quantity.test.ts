import { expect, it } from 'vitest';
import { formatQuantity, type Unit } from './quantity.ts';

const cases: readonly [value: number | null, unit: Unit, text: string][] = [
  [null, 'count', '–'],
  [0, 'count', '0'],
  [9999, 'count', '9,999'],
  [10_000, 'count', '10 k'],
  [999_600, 'count', '1.00 M'],
  [999, 'bytes', '999 B'],
  [1234, 'bytes', '1.23 kB'],
  [354_000_000_000, 'bytes', '354 GB'],
  [41_200_000, 'bits-per-second', '41.2 Mbit/s'],
  [0.0214, 'seconds', '21.4 ms'],
  [0.9996, 'seconds', '1.00 s'],
  [0, 'ratio', '0 %'],
  [1, 'ratio', '100 %'],
  [0.000_01, 'ratio', '< 0.01 %'],
  [0.999_99, 'ratio', '> 99.99 %'],
  [0.874, 'ratio', '87.4 %'],
];

it.each(cases)('writes %s as %s: %s', (value, unit, text) => {
  expect(formatQuantity(value, unit).replaceAll('\u00a0', ' ')).toBe(text);
});
