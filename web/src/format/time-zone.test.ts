import { afterEach, beforeEach, expect, test } from 'vitest';
import { labelTicks } from '../charts/axis-ticks.ts';
import { formatMoment, formatSpan } from './time-text.ts';
import { asShown, readShown, switchZone, zoneName } from './time-zone.ts';

const zone = process.env.TZ;
const at = Date.parse('2026-03-28T20:00:00Z');

beforeEach(() => {
  process.env.TZ = 'Asia/Kolkata';
  switchZone();
});

afterEach(() => {
  switchZone();
  if (zone === undefined) delete process.env.TZ;
  else process.env.TZ = zone;
});

test('times are those of a clock here, also where they fall on another day', () => {
  expect([formatMoment(at), zoneName()]).toEqual(['29 Mar 2026, 01:30', 'local time']);
  expect(formatSpan(at - 7_200_000, at)).toBe('28 Mar 2026, 23:30 – 29 Mar 2026, 01:30');
});

test('what is written into a field is the same moment', () => {
  const shown = new Date(asShown(at)).toISOString().slice(0, 19);
  expect([shown, readShown(shown)]).toEqual(['2026-03-29T01:30:00', at]);
});

test('labels of an axis stand at round times of that clock', () => {
  const halfHours = Array.from({ length: 13 }, (_, index) => at + index * 1_800_000);
  expect(labelTicks(halfHours, 1_800_000).filter((label) => label !== '')).toEqual([
    ...['02:00', '03:00', '04:00', '05:00', '06:00', '07:00'],
  ]);
});

test('UTC again is UTC', () => {
  switchZone();
  expect([formatMoment(at), zoneName(), asShown(at)]).toEqual(['28 Mar 2026, 20:00', 'UTC', at]);
  switchZone();
});
