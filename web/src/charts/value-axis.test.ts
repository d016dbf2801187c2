import { describe, expect, it } from 'vitest';
import { chooseAxis, formatTick } from './value-axis.ts';

describe('the axis of values', () => {
  it.each([
    [
      [3, 102],
      [0, 30, 60, 90, 120],
    ],
    [
      [0, 1],
      [0, 1],
    ],
    [
      [0, 3],
      [0, 1, 2, 3],
    ],
    [[0], [0, 1]],
    [[], [0, 1]],
    [
      [null, 4_100_000],
      [0, 2e6, 4e6, 6e6],
    ],
  ])('of %j counts is %j', (values, ticks) => expect(chooseAxis(values, 'count', false).ticks).toEqual(ticks));

  it.each([
    ['vary much', [0.2, 0.94], [0, 0.25, 0.5, 0.75, 1]],
    ['are few', [0.001, 0.03], [0, 0.01, 0.02, 0.03]],
    ['vary little', [0.78, 0.741], [0.74, 0.75, 0.76, 0.77, 0.78]],
    ['hardly vary', [0.7402, 0.7404], [0.735, 0.7375, 0.74, 0.7425]],
    ['are nearly all', [0.9998, 0.9999], [0.9925, 0.995, 0.9975, 1]],
  ])('of shares that %s', (_what, values, ticks) => {
    const axis = chooseAxis(values, 'ratio', true);
    expect(axis.min).toBeLessThanOrEqual(Math.min(...values));
    expect(axis.max).toBeGreaterThanOrEqual(Math.max(...values));
    expect(axis.ticks).toEqual(ticks);
  });

  it('begins at 0 where heights are compared', () => expect(chooseAxis([0.78, 0.74], 'ratio', false).min).toBe(0));

  it('has short labels', () =>
    expect([0.745, 0.5, 1].map((share) => formatTick(share, 'ratio'))).toEqual([
      '74.5\u00a0%',
      '50\u00a0%',
      '100\u00a0%',
    ]));
});
