import fc from 'fast-check';
import { describe, expect, test } from 'vitest';
import { parseInstant } from './instant.ts';

describe('parseInstant', () => {
  test.each([
    ['2026-11-01T00:00:00Z', '2026-11-01T00:00:00.000Z'],
    ['2026-11-01', '2026-11-01T00:00:00.000Z'],
    ['2026-11-01 02:30+02:00', '2026-11-01T00:30:00.000Z'],
    ['2026-11-01t02:30:01.5z', '2026-11-01T02:30:01.500Z'],
    ['2024-02-29 23:59:59 Z', '2024-02-29T23:59:59.000Z'],
  ])('%s', (text, iso) => {
    expect(parseInstant(text)).toEqual({ value: new Date(iso) });
  });

  test.each([
    ['2026-11-01T00:00:00', 'it names no time zone'],
    ['2026-02-30', 'there is no such day or hour'],
    ['2026-02-30T00:00:00Z', 'there is no such day or hour'],
    ['2026-11-01T25:00:00Z', 'there is no such day or hour'],
    ['2026-13-01', 'there is no such day or hour'],
    ['01.11.2026', 'it is not an ISO time'],
    ['1793491200', 'it is not an ISO time'],
    ['', 'it is not an ISO time'],
  ])('not %s', (text, cause) => {
    expect(parseInstant(text)).toMatchObject({ cause });
  });

  test('reads what every Date writes, and never throws', () => {
    const dates = fc.date({ min: new Date(0), max: new Date('9999-12-31T00:00:00Z'), noInvalidDate: true });
    fc.assert(
      fc.property(dates, (date) => {
        expect(parseInstant(date.toISOString())).toEqual({ value: date });
      }),
    );
    fc.assert(
      fc.property(fc.string(), (text) => {
        parseInstant(text);
      }),
    );
  });
});
