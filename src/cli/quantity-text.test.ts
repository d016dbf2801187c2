import { expect, it } from 'vitest';
import { printBytes, printCount, printDuration } from './quantity-text.ts';
import { sparkline } from './top/sparkline.ts';

it.each([
  [0, '0'],
  [9_999.4, '9,999'],
  [9_999.6, '10 k'],
  [12_345, '12.3 k'],
  [999_499, '999 k'],
  [999_600, '1 M'],
])('counts %d as %s', (count, text) => expect(printCount(count)).toBe(text));

it.each([
  [0, '0 B'],
  [3_400_000, '3.4 MB'],
])('prints %d bytes as %s', (bytes, text) => expect(printBytes(bytes)).toBe(text));

it.each([
  [0, '0 ms'],
  [999.4, '999 ms'],
  [999.6, '1 s'],
  [4_230, '4.2 s'],
  [99_400, '99.4 s'],
  [99_600, '1.7 min'],
  [7_200_000, '2 h'],
  [864_000_000, '10 d'],
])('prints %d milliseconds as %s', (ms, text) => expect(printDuration(ms)).toBe(text));

it('draws the last values against the greatest of them', () => {
  expect(sparkline([9, 0, 1, 4, 8], 4)).toBe('▁▂▅█');
  expect(sparkline([0, 0], 4)).toBe('  ▁▁');
  expect(sparkline([], 3)).toBe('   ');
});
