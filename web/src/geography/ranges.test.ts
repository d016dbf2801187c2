import { describe, expect, it } from 'vitest';
import { nameRange, pivot, readBounds, termsOfRange, usualBounds } from './ranges.ts';

describe('ranges', () => {
  it('are read from rising numbers', () => {
    expect(readBounds(usualBounds)).toEqual([0.1, 0.5, 1, 5]);
    expect(['', '1,', '1,1', '2,1', '0', 'x', '-1', '1,2,3,4,5,6,7,8,9,10,11'].map(readBounds)).toEqual(
      new Array(8).fill(null),
    );
  });

  it('are named and filter without a gap or an overlap', () => {
    expect([0, 1, 2].map((range) => nameRange([0.1, 1], range))).toEqual(['< 0.1 s', '0.1–1 s', '≥ 1 s']);
    const test = (by: string, value: string) => ({
      field: 'ttfb',
      isNegated: false,
      tests: [{ is: 'compared', by, value }],
    });
    expect([0, 1, 2].map((range) => termsOfRange('ttfb', [0.1, 1], range))).toEqual([
      [test('<', '0.1')],
      [test('>=', '0.1'), test('<', '1')],
      [test('>=', '1')],
    ]);
  });

  it('are columns of a country', () => {
    const rows = [
      { country: 'DE', range: 2, requests: 7 },
      { country: 'DE', range: 0, requests: 1 },
      { country: '', range: 1, requests: 3 },
    ];
    expect([...pivot(rows, 'requests', 3)]).toEqual([
      ['DE', [1, 0, 7]],
      ['', [0, 3, 0]],
    ]);
  });
});
