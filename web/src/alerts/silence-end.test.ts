import { expect, test } from 'vitest';
import { endOfSilence, printFor } from './silence-end.ts';

const nowMs = Date.parse('2026-11-28T23:30:00Z');

test.each([
  ['1h', '', '2026-11-29T00:30:00.000Z'],
  ['4h', '', '2026-11-29T03:30:00.000Z'],
  ['morning', '', '2026-11-29T08:00:00.000Z'],
  ['custom', '2026-12-01T10:15', '2026-12-01T10:15:00.000Z'],
] as const)('a silence of "%s" %s ends at %s', (length, until, end) => {
  expect(new Date(endOfSilence(length, until, nowMs)).toISOString()).toBe(end);
});

test('no time is no end, and a command has whole minutes', () => {
  expect(endOfSilence('custom', '', nowMs)).toBeNaN();
  expect([printFor(3_600_000), printFor(5_400_400), printFor(10)]).toEqual(['1h', '90m', '1m']);
});
