import { expect, test } from 'vitest';
import { endOfIndex } from './dated-index.ts';
import { isPastIndex, type Rotation } from './index-name.ts';
import { chooseExpiring } from './old-indexes.ts';

const iso = (ms: number | undefined) => (ms === undefined ? undefined : new Date(ms).toISOString().slice(0, 13));

test.each<[Rotation, string, string]>([
  ['hour', 'tide-2026-03-01-23', '2026-03-02T00'],
  ['day', 'tide-2024-02-29', '2024-03-01T00'],
  ['week', 'tide-2026-w01', '2026-01-04T00'],
  ['week', 'tide-2026-w09', '2026-03-01T00'],
  ['month', 'tide-2026-12', '2027-01-01T00'],
])('an index of one %s ends with it: %s', (rotation, name, end) => {
  const endMs = endOfIndex(name, 'tide', rotation) ?? 0;
  expect(iso(endMs)).toBe(end);
  // As deliveries name the indexes of the moments around it.
  expect(isPastIndex(name, 'tide', rotation, new Date(endMs - 1))).toBe(false);
  expect(isPastIndex(name, 'tide', rotation, new Date(endMs))).toBe(true);
});

test.each<[Rotation, string]>([
  ['day', 'tide-archive-2024-01-01'],
  ['day', 'tide-2024-01-01-archive'],
  ['day', 'tide-2024-01-01-05'],
  ['day', 'tide-2024-01'],
  ['day', 'tide-2023-02-29'],
  ['day', 'tide-2024-13-01'],
  ['day', 'tide2024-01-01'],
  ['day', 'tidal-2024-01-01'],
  ['day', 'my-tide-2024-01-01'],
  ['day', '.ds-tide-2024-01-01'],
  ['day', 'tide'],
  ['hour', 'tide-2024-01-01-24'],
  ['hour', 'tide-2024-01-01'],
  ['week', 'tide-2024-w53'],
  ['week', 'tide-2024-w00'],
  ['month', 'tide-2024-00'],
  ['none', 'tide-2024-01-01'],
  ['stream', 'tide-2024-01-01'],
])('with rotation %s, %s is not an index of tide', (rotation, name) => {
  expect(endOfIndex(name, 'tide', rotation)).toBeUndefined();
});

test('old ones go, or those beyond a number, and never the one of today', () => {
  const own = ['01', '02', '03', '04'].map((day) => ({
    name: day,
    documents: 1,
    bytes: 1,
    endMs: Date.UTC(2026, 2, Number(day) + 1),
  }));
  const now = Date.UTC(2026, 2, 4, 12);
  const expiring = (keep: object) => chooseExpiring(own, keep, now).expiring.map(({ name }) => name);
  expect(expiring({ days: 1 })).toEqual(['01', '02']);
  expect(expiring({ indices: 3 })).toEqual(['01']);
  expect(expiring({ indices: 3, days: 1 })).toEqual(['01', '02']);
  expect(expiring({ days: 100 })).toEqual([]);
  expect(chooseExpiring(own, { indices: 1 }, Date.UTC(2026, 2, 1)).expiring).toEqual([]);
});
