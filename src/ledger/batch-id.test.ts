import { expect, test } from 'vitest';
import { continueAfter, newBatchId } from './batch-id.ts';

const id = (date: string) => BigInt(newBatchId(Date.parse(date)));

test('ids grow with the clock, without it, and against it', () => {
  const ids = [
    id('1970-01-01'),
    id('2026-03-01T10:00:00.000Z'),
    id('2026-03-01T10:00:00.000Z'),
    id('2026-03-01T10:00:00.001Z'),
    id('2031-01-01'),
    id('2026-03-01'),
    id('2270-01-01'),
    id('1970-01-01'),
    id('2031-01-02'),
  ];
  expect(ids).toEqual([...ids].sort((one, other) => (one < other ? -1 : 1)));
  expect(new Set(ids).size).toBe(ids.length);
  for (const each of ids) expect(each > 0n && each < 2n ** 63n).toBe(true);
});

test('ids go on after those of an earlier process', () => {
  const earlier = id('2035-01-01') + (1n << 50n);
  continueAfter(earlier.toString());
  expect(id('2026-03-01')).toBeGreaterThan(earlier);
});
