import { expect, test } from 'vitest';
import type { Condition } from './alert.ts';
import { baselineOffsets, judgeCondition, type Row } from './judge-condition.ts';

const toMs = Date.parse('2026-11-27T12:00:00Z');

function judge(condition: Condition, rows: readonly Row[], { earlier = [] as Row[][], labels = [] as string[] } = {}) {
  return judgeCondition({ condition, labels }, { rows, earlier, toMs });
}
const metOf = (condition: Condition, row: Row, samples: readonly number[] = []) =>
  judge(condition, [row], { earlier: samples.map((value) => [{ value }]) }).map(({ isMet }) => isMet)[0];

test('a threshold is exceeded, not reached', () => {
  const condition = { type: 'threshold', above: 0.05, below: 0.01 } as const;
  expect([0.051, 0.05, 0.01, 0.009].map((value) => metOf(condition, { value }))).toEqual([true, false, false, true]);
  expect(judge(condition, [{ value: 0.2 }])[0]).toMatchObject({ value: 0.2, threshold: 0.05 });
  expect(judge(condition, [{ value: 0 }])[0]).toMatchObject({ value: 0, threshold: 0.01 });
  // As JSON has what is no number, and decimals.
  expect(['nan', null, '0.5'].map((value) => metOf(condition, { value }))).toEqual([false, false, true]);
});

test('a ratio of few is not judged', () => {
  const condition = { type: 'ratio', above: 0.05, leastDenominator: 100 } as const;
  expect(metOf(condition, { numerator: 6, denominator: 100 })).toBe(true);
  expect(metOf(condition, { numerator: 6, denominator: 99 })).toBe(false);
  expect(metOf({ ...condition, leastDenominator: 0 }, { numerator: 0, denominator: 0 })).toBe(false);
});

test('absence is no row, or a time that is too old', () => {
  expect(judge({ type: 'absence', by: 'event' }, [])).toMatchObject([{ isMet: true, labels: {} }]);
  expect(judge({ type: 'absence', by: 'event' }, [{ value: 1 }])).toMatchObject([{ isMet: false }]);
  const older = { type: 'absence', by: 'event', olderThanMs: 600_000 } as const;
  expect(judge(older, [{ value: '2026-11-27 11:49:59.999' }])).toMatchObject([
    { isMet: true, value: 600.001, threshold: 600 },
  ]);
  expect(metOf(older, { value: '2026-11-27 11:50:00' })).toBe(false);
  expect(metOf(older, { value: '1970-01-01 00:00:00.000' })).toBe(true);
  expect(judge(older, [], { labels: ['host'] })).toEqual([]);
});

test('a change must exceed both bounds, in its direction, beside the median of the same hour', () => {
  const condition = { type: 'change', days: 7, direction: 'down', relative: 0.2, absolute: 0.05 } as const;
  const usual = [0.9, 0.92, 0.91, 0.1, 0.9];
  expect([0.71, 0.73, 0.99].map((value) => metOf(condition, { value }, usual))).toEqual([true, false, false]);
  expect(judge(condition, [{ value: 0.5 }], { earlier: usual.map((value) => [{ value }]) })).toMatchObject([
    { baseline: 0.9, threshold: expect.closeTo(0.72) },
  ]);
  expect(metOf(condition, { value: 0.01 }, [0.04, 0.04, 0.04])).toBe(false);
  expect(metOf(condition, { value: 0 }, [0.9, 0.9])).toBe(false);
  expect(metOf({ ...condition, direction: 'up' }, { value: 5 }, usual)).toBe(true);
  expect(metOf({ ...condition, direction: 'both' }, { value: 0.1 }, usual)).toBe(true);
  const week = Array.from({ length: 7 }, (_, index) => (index + 1) * 86_400_000);
  expect(baselineOffsets({ condition, overMs: 1 })).toEqual(week);
});

test('an anomaly is far from the median in units of the usual spread, which one outlier does not move', () => {
  const condition = {
    type: 'anomaly',
    season: 'week',
    periods: 2,
    direction: 'both',
    score: 4,
    leastDeviation: 0,
  } as const;
  const usual = [100, 102, 98, 101, 99, 100_000];
  // Median 100.5, MAD 1.5: 4 · 1.4826 · 1.5 = 8.9.
  expect([110, 109, 92, 91].map((value) => metOf(condition, { value }, usual))).toEqual([true, false, false, true]);
  expect(metOf({ ...condition, direction: 'up' }, { value: 1 }, usual)).toBe(false);
  expect(metOf({ ...condition, leastDeviation: 50 }, { value: 110 }, usual)).toBe(false);
  // Without any spread, one per cent stands for it.
  expect([103, 105].map((value) => metOf(condition, { value }, Array(6).fill(100)))).toEqual([false, true]);
  expect(metOf(condition, { value: 1e9 }, [1, 1, 1, 1, 1])).toBe(false);
  const weekMs = 7 * 86_400_000;
  expect(baselineOffsets({ condition, overMs: 60_000 })).toEqual(
    [1, 2].flatMap((week) => [week * weekMs + 60_000, week * weekMs, week * weekMs - 60_000]),
  );
});

test('each group is judged beside its own past', () => {
  const condition = { type: 'change', days: 3, direction: 'up', relative: 1, absolute: 0 } as const;
  const rows = (a: number, b: number) => [
    { host: 'a', value: a },
    { host: 'b', value: b },
  ];
  const earlier = [rows(10, 100), rows(10, 100), [{ host: 'b', value: 100 }], rows(10, 100)];
  const readings = judge(condition, rows(50, 110), { earlier, labels: ['host'] });
  expect(readings.map(({ instance, isMet, baseline }) => [instance, isMet, baseline])).toEqual([
    ['host=a', true, 10],
    ['host=b', false, 100],
  ]);
});

test('rows of another form have a remedy', () => {
  const above = { type: 'threshold', above: 1 } as const;
  expect(() => judge(above, [{ count: 1 }])).toThrow(/no column "value".*AS value/);
  expect(() => judge(above, [{ value: 1 }], { labels: ['host'] })).toThrow(/no column "host"; select it/);
  expect(() => judge(above, [{ value: 1 }, { value: 2 }])).toThrow(/two rows for the only instance; group by/);
});
