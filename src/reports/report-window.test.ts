import fc from 'fast-check';
import { describe, expect, it } from 'vitest';
import { chooseStep, chooseWindow, formatSqlTime, parseSqlTime } from './report-window.ts';

const minuteMs = 60_000;
const dayMs = 86_400_000;

describe('chooseWindow', () => {
  it('takes the 24 hours before the last event, and the minute of that event with them', () => {
    const window = chooseWindow({}, Date.parse('2011-02-14T12:00:00.000Z'));
    expect(window).toEqual({ from: '2011-02-13 12:00:00', to: '2011-02-14 12:01:00', step: 900 });
  });

  it('changes nothing of what was asked for', () => {
    const asked = { fromMs: Date.parse('2026-01-01T00:07:00Z'), toMs: Date.parse('2026-01-01T01:00:00Z'), step: 300 };
    expect(chooseWindow(asked, undefined)).toEqual({
      from: '2026-01-01 00:07:00',
      to: '2026-01-01 01:00:00',
      step: 300,
    });
  });

  it('ends a day later when it is asked to begin after the last event', () => {
    const fromMs = Date.parse('2026-01-05T00:00:00Z');
    expect(chooseWindow({ fromMs }, Date.parse('2026-01-01T00:00:00Z')).to).toBe('2026-01-06 00:00:00');
  });

  it('holds the last event in whole minutes and at most 122 buckets, whenever that was', () => {
    fc.assert(
      fc.property(fc.integer({ min: 0, max: Date.parse('2100-01-01') }), (lastMs) => {
        const { from, to, step } = chooseWindow({}, lastMs);
        const [fromMs, toMs] = [parseSqlTime(from) ?? Number.NaN, parseSqlTime(to) ?? Number.NaN];
        expect(fromMs % (step * 1000)).toBe(0);
        expect(toMs % minuteMs).toBe(0);
        expect(toMs - dayMs).toBeGreaterThanOrEqual(fromMs === 0 ? -dayMs : fromMs);
        expect(lastMs).toBeLessThan(toMs);
        expect((toMs - fromMs) / (step * 1000)).toBeLessThan(122);
      }),
    );
  });
});

describe('chooseStep', () => {
  it('keeps charts of more than two hours between 28 and 120 buckets', () => {
    fc.assert(
      fc.property(fc.integer({ min: 120, max: 8 * 365 * 1440 }), (minutes) => {
        const buckets = (minutes * 60) / chooseStep(minutes * minuteMs);
        expect(buckets).toBeLessThanOrEqual(120);
        if (minutes > 120) expect(buckets).toBeGreaterThanOrEqual(28);
      }),
    );
  });
});

describe('parseSqlTime', () => {
  it.each([
    ['2026-03-01 10:20:30', '2026-03-01 10:20:30'],
    ['2026-03-01T10:20:30.999Z', '2026-03-01 10:20:30'],
    ['2026-03-01T10:20Z', '2026-03-01 10:20:00'],
    ['2026-03-01', '2026-03-01 00:00:00'],
  ])('reads %s', (text, expected) => {
    expect(formatSqlTime(parseSqlTime(text) ?? 0)).toBe(expected);
  });

  it.each(['', 'now', '2026-02-30', '2026-13-01', '2026-03-01 24:61', '2026-03-01T10:20:30+02:00', '1772000000'])(
    'refuses "%s"',
    (text) => expect(parseSqlTime(text)).toBeUndefined(),
  );
});
