import { describe, expect, it } from 'vitest';
import { timeFilter } from '../../../src/reports/report.ts';
import { fillParameters } from './fill-parameters.ts';

const parameters = {
  from: '2026-11-19 14:00:00',
  to: '2026-11-20 14:08:00',
  step: 900,
  limit: 10,
  distribution: '',
  host: '',
};

describe('fillParameters', () => {
  it('writes times, numbers and texts as literals', () => {
    const sql = "WHERE time < {to:DateTime('UTC')} AND path = {host:String} LIMIT {limit:UInt32}";
    expect(fillParameters(sql, { ...parameters, host: "o'neil\\" })).toBe(
      "WHERE time < toDateTime('2026-11-20 14:08:00', 'UTC') AND path = 'o\\'neil\\\\' LIMIT 10",
    );
  });

  it('leaves out the filters that filter nothing, and shortens the others', () => {
    const filled = fillParameters(timeFilter, { ...parameters, host: 'www.example.com' });
    expect(filled).not.toContain('distribution');
    expect(filled).toMatch(/AND host = 'www\.example\.com'$/);
  });

  it('leaves an unknown placeholder as it is', () => {
    expect(fillParameters('SELECT {toString:String}', parameters)).toBe('SELECT {toString:String}');
  });

  it('takes away the indentation of the program', () => {
    expect(fillParameters('\n    SELECT\n      1\n    ', parameters)).toBe('SELECT\n  1');
  });
});
