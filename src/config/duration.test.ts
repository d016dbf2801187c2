import fc from 'fast-check';
import { describe, expect, test } from 'vitest';
import { formatDuration, parseDuration } from './duration.ts';

describe('parseDuration', () => {
  test.each([
    ['250ms', 250],
    ['30s', 30_000],
    ['1h30m', 5_400_000],
    ['1h 30m', 5_400_000],
    ['0.5h', 1_800_000],
    ['90d', 7_776_000_000],
    ['2w', 1_209_600_000],
  ])('%s is %d ms', (text, milliseconds) => {
    expect(parseDuration(text)).toEqual({ value: milliseconds });
  });

  test.each([
    ['', 'it is not a duration'],
    ['90', 'it has no unit'],
    ['3months', 'months and years have no fixed length ("months")'],
    ['3M', 'months and years have no fixed length ("M")'],
    ['5x', '"x" is not a unit of time'],
    ['30m1h', 'its units do not come from the largest down'],
    ['1h1h', 'its units do not come from the largest down'],
    ['-1s', 'it is not a duration'],
    ['999999999999999w', 'it is longer than can be counted'],
  ])('"%s" is refused: %s', (text, cause) => {
    expect(parseDuration(text)).toMatchObject({ cause, remedy: expect.stringMatching(/^write /) });
  });

  test('reads back what formatDuration writes', () => {
    fc.assert(
      fc.property(fc.maxSafeNat(), (milliseconds) => {
        expect(parseDuration(formatDuration(milliseconds))).toEqual({ value: milliseconds });
      }),
    );
  });

  test('a sum of steps is the sum of its parts', () => {
    const amount = fc.nat({ max: 10_000 });
    fc.assert(
      fc.property(amount, amount, amount, (days, minutes, seconds) => {
        const expected = days * 86_400_000 + minutes * 60_000 + seconds * 1000;
        expect(parseDuration(`${days}d${minutes}m${seconds}s`)).toEqual({ value: expected });
      }),
    );
  });

  test('any text gives a duration or a reason, soon', () => {
    fc.assert(
      fc.property(fc.oneof(fc.string(), fc.stringMatching(/^(\d+\.?\d* ?[smhdw]{1,2} ?){1,60}.?$/)), (text) => {
        const parsed = parseDuration(text);
        if ('value' in parsed) expect(Number.isSafeInteger(parsed.value)).toBe(true);
        else expect(parsed.cause && parsed.remedy).toBeTruthy();
      }),
    );
  });
});
