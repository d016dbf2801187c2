import { expect, test } from 'vitest';
import { backoffMs } from './backoff.ts';

test('pauses double up to the longest, each with jitter', () => {
  const times = { firstMs: 100, longestMs: 1000 };
  for (const [attempt, most] of [
    [1, 100],
    [2, 200],
    [4, 800],
    [5, 1000],
    [10_000, 1000],
  ] as const) {
    const pauses = Array.from({ length: 200 }, () => backoffMs(attempt, times));
    expect(Math.min(...pauses)).toBeGreaterThanOrEqual(most / 2);
    expect(Math.max(...pauses)).toBeLessThanOrEqual(most);
    expect(new Set(pauses).size).toBeGreaterThan(1);
  }
});
