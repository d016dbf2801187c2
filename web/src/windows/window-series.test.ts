import { expect, test } from 'vitest';
import type { LiveWindow } from './live-window.ts';
import { chooseAxis, type SeriesChoice, windowSeries } from './window-series.ts';
import type { ResultRow } from './windows-source.ts';

const second: { everyMs: number; isOverlapping: boolean } = { everyMs: 1000, isOverlapping: false };
const bytesByEdge: SeriesChoice = { value: 'bytes', unit: 'bytes', by: 'edge', isSum: true };

const window = (startMs: number, rows: readonly ResultRow[], correction = 0): LiveWindow => ({
  ...{ sequence: startMs, version: '1', startMs, endMs: startMs + 1000, key: [], correction, rows },
  ...{ id: String(startMs), replaced: undefined },
});

/** Values of the buckets that have one. */
function found({ data }: ReturnType<typeof windowSeries>): Record<string, Record<number, number>> {
  return Object.fromEntries(
    data.series.map(({ label, values }) => [
      label,
      Object.fromEntries(values.flatMap((value, index) => (value ? [[data.times[index] ?? 0, value]] : []))),
    ]),
  );
}

test('rows of a window are added up by the label, 64-bit integers too; a corrected window is marked', () => {
  const series = windowSeries(
    [
      window(11_000, [{ edge: 'IAD', bytes: '7' }], 1),
      window(10_000, [
        { edge: 'IAD', bytes: '9007199254740000' },
        { edge: 'FRA', bytes: '5' },
        { edge: 'IAD', bytes: '2' },
      ]),
    ],
    second,
    bytesByEdge,
    'latest',
  );
  expect(found(series)).toEqual({ IAD: { 10000: 9007199254740002, 11000: 7 }, FRA: { 10000: 5 } });
  expect(series.data.times.filter((_, bucket) => series.data.isMarked?.[bucket])).toEqual([11_000]);
  expect(series).toMatchObject({ stepMs: 1000, outside: 0, others: 0 });
});

test('the greatest values are series, the others one, whose number is told', () => {
  const rows = Array.from({ length: 9 }, (_, index) => ({ edge: `e${index}`, bytes: 10 - index }));
  const series = windowSeries([window(0, rows)], second, bytesByEdge, 'latest');
  expect(found(series)).toEqual({
    e0: { 0: 10 },
    e1: { 0: 9 },
    e2: { 0: 8 },
    e3: { 0: 7 },
    e4: { 0: 6 },
    '4 others': { 0: 14 },
  });
  expect(series.others).toBe(4);
  const six = windowSeries([window(0, rows.slice(0, 6))], second, bytesByEdge, 'latest');
  expect(six.data.series.map(({ label }) => label)).toEqual(['e0', 'e1', 'e2', 'e3', 'e4', 'e5']);
});

test('what must not be added up has its greatest value, and none where there is no row', () => {
  const rows = [
    { edge: 'a', p95: 0.2 },
    { edge: 'b', p95: 0.7 },
    { edge: 'c', p95: null },
  ];
  const choice: SeriesChoice = { value: 'p95', unit: 'number', by: '', isSum: false };
  const { data } = windowSeries([window(2000, rows), window(0, [])], second, choice, 'latest');
  expect(data.series[0]?.values.slice(-3)).toEqual([null, null, 0.7]);
});

test('windows that overlap are not added up', () => {
  const windows = Array.from({ length: 600 }, (_, index) => window((600 - index) * 1000, [{ bytes: 3 }]));
  const choice: SeriesChoice = { ...bytesByEdge, by: '' };
  const apart = windowSeries(windows, second, choice, 'latest');
  expect(apart.stepMs).toBe(2000);
  expect(apart.data.series[0]?.values.at(-2)).toBe(6);
  const overlapping = windowSeries(windows, { ...second, isOverlapping: true }, choice, 'latest');
  expect(overlapping.data.series[0]?.values.at(-2)).toBe(3);
});

test('the last bucket of several windows is told as partial', () => {
  const windows = Array.from({ length: 600 }, (_, index) => window((600 - index) * 1000, [{ bytes: 3 }]));
  const { data } = windowSeries(windows, second, { ...bytesByEdge, by: '' }, 'latest');
  expect(data.isPartial.slice(-2)).toEqual([false, true]);
});

test('the axis ends with the latest window, with buckets as short as hold half of all', () => {
  const lately = Array.from({ length: 100 }, (_, index) => 1_000_000 - index * 1000);
  expect(chooseAxis(lately, 1000, 'latest')).toEqual({ fromMs: 901_000, stepMs: 1000, buckets: 100 });
  // A row of yesterday makes no picture of a day.
  expect(chooseAxis([...lately, -86_400_000], 1000, 'latest')).toMatchObject({ stepMs: 1000, buckets: 240 });
  const sparse = Array.from({ length: 100 }, (_, index) => 1_000_000 - index * 10_000);
  expect(chooseAxis(sparse, 1000, 'latest')).toMatchObject({ stepMs: 5000 });
  expect(chooseAxis([5000], 1000, 'latest')).toEqual({ fromMs: -24_000, stepMs: 1000, buckets: 30 });
  expect(chooseAxis([], 1000, 'latest')).toMatchObject({ stepMs: 1000 });
});

test('of history the axis is where most windows are', () => {
  const busy = Array.from({ length: 100 }, (_, index) => 1_000_000 - index * 1000);
  const yearsLater = 1e11;
  expect(chooseAxis([yearsLater, ...busy], 1000, 'densest')).toEqual({ fromMs: 901_000, stepMs: 1000, buckets: 100 });
  expect(chooseAxis([yearsLater, ...busy], 1000, 'latest')).toMatchObject({ fromMs: yearsLater - 239_000 });
});

test('of a test all windows are shown', () => {
  const windows = Array.from({ length: 300 }, (_, index) => (300 - index) * 1000);
  expect(chooseAxis(windows, 1000, 'latest')).toMatchObject({ stepMs: 1000, buckets: 240 });
  expect(chooseAxis(windows, 1000, 'all')).toEqual({ fromMs: 0, stepMs: 2000, buckets: 151 });
});
