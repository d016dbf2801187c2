import { expect, test } from 'vitest';
import { addEmissions, windowsOf } from './live-window.ts';
import type { Emission } from './windows-source.ts';

const emission = (sequence: number, startMs: number, more: Partial<Emission> = {}): Emission => ({
  ...{ sequence, version: '1', startMs, endMs: startMs + 1000, key: [], correction: 0, rows: [] },
  ...more,
});

test('each emission counts once, whichever way it came', () => {
  const first = [emission(3, 3000), emission(4, 4000)];
  expect(addEmissions(first, [emission(5, 5000), emission(3, 3000)]).map(({ sequence }) => sequence)).toEqual([
    3, 4, 5,
  ]);
});

test('a correction replaces its window, and keeps what it replaces', () => {
  const late = emission(7, 1000, { correction: 1, rows: [{ n: 2 }] });
  const windows = windowsOf([emission(5, 1000, { rows: [{ n: 1 }] }), emission(6, 2000), late]);
  expect(windows.map(({ startMs, correction }) => [startMs, correction])).toEqual([
    [2000, 0],
    [1000, 1],
  ]);
  expect(windows[1]?.replaced?.rows).toEqual([{ n: 1 }]);
});

test('sessions that begin together are told apart by their keys', () => {
  const windows = windowsOf([emission(1, 1000, { key: ['a'] }), emission(2, 1000, { key: ['b'] })]);
  expect(windows.map(({ key }) => key)).toEqual([['b'], ['a']]);
});

test('windows of an earlier definition are not shown beside those of the newest', () => {
  const windows = windowsOf([emission(1, 9000), emission(2, 1000, { version: '2' })]);
  expect(windows.map(({ startMs }) => startMs)).toEqual([1000]);
});
