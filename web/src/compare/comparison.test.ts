import { describe, expect, it } from 'vitest';
import { canAlign, compareRange, earlier } from './comparison.ts';

const hourMs = 3_600_000;
const range = { fromMs: 1000 * hourMs, toMs: 1002 * hourMs, step: 600 };

describe('what a range is compared with', () => {
  it.each([
    ['previous', 998],
    ['day', 976],
    ['week', 832],
  ] as const)('%s is of the same length', (name, hour) => {
    const comparison = compareRange(name, range);
    expect(comparison && earlier(range, comparison)).toEqual({
      ...range,
      fromMs: hour * hourMs,
      toMs: (hour + 2) * hourMs,
    });
  });

  it('is whole buckets earlier where the range is no multiple of them', () => {
    const uneven = { fromMs: 1000 * hourMs + 60_000, toMs: 1001 * hourMs, step: 600 };
    const comparison = compareRange('previous', uneven);
    expect(comparison?.shiftMs).toBe(hourMs);
    expect(comparison && canAlign(comparison, uneven)).toBe(true);
  });

  it('is nothing before 1970, and where it is off', () => {
    expect(compareRange('day', { fromMs: 0, toMs: hourMs, step: 60 })).toBeNull();
    expect(compareRange('none', range)).toBeNull();
  });

  it('cannot be laid over bars that are longer than the shift', () =>
    expect(canAlign({ shiftMs: 24 * hourMs }, { step: 7 * 86_400 })).toBe(false));
});
