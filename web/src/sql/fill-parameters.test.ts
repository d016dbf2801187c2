import { describe, expect, it } from 'vitest';
import { fillParameters } from './fill-parameters.ts';

const values = { to: '2026-11-20 14:08:00', limit: 10 };

describe('fillParameters', () => {
  it('writes times, numbers, flags and texts as literals', () => {
    const sql =
      "WHERE time < {to:DateTime('UTC')} AND path = {path_1:String} AND ttfb > {ttfb_2:Float32} AND is_bot IN ({is_bot_3:Bool}) LIMIT {limit:UInt32}";
    expect(fillParameters(sql, { ...values, path_1: "o'neil\\\0", ttfb_2: '0.1', is_bot_3: 'true' })).toBe(
      "WHERE time < toDateTime('2026-11-20 14:08:00', 'UTC') AND path = 'o\\'neil\\\\\\0' AND ttfb > toFloat32(0.1) AND is_bot IN (true) LIMIT 10",
    );
  });

  it('keeps the milliseconds of a fine time', () => {
    expect(fillParameters("{from:DateTime64(3, 'UTC')}", { from: '2026-11-20 14:08:00.250' })).toBe(
      "toDateTime64('2026-11-20 14:08:00.250', 3, 'UTC')",
    );
  });

  it('takes a value for what it is, also one that looks like a placeholder', () => {
    expect(fillParameters('path = {path_1:String}', { path_1: '{to:String}', to: 'x' })).toBe("path = '{to:String}'");
  });

  it('leaves an unknown placeholder as it is', () => {
    expect(fillParameters('SELECT {toString:String}', values)).toBe('SELECT {toString:String}');
  });

  it('takes away the indentation of the program', () => {
    expect(fillParameters('\n    SELECT\n      1\n    ', values)).toBe('SELECT\n  1');
  });
});
