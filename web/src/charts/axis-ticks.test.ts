import { describe, expect, it } from 'vitest';
import { labelTicks } from './axis-ticks.ts';

const hourMs = 3_600_000;
const dayMs = 24 * hourMs;

function ticks(from: string, stepMs: number, count: number): string[] {
  const fromMs = Date.parse(from);
  return labelTicks(
    Array.from({ length: count }, (_, index) => fromMs + index * stepMs),
    stepMs,
  ).filter((label) => label !== '');
}

describe('labels of a time axis', () => {
  it('stand at round times, and name the day where one begins', () => {
    expect(ticks('2015-05-17T10:00Z', hourMs, 40)).toEqual([
      '12:00',
      '18:00',
      '18 May',
      '06:00',
      '12:00',
      '18:00',
      '19 May',
    ]);
  });

  it('name each minute of a few', () => {
    expect(ticks('2023-02-22T03:22Z', 60_000, 3)).toEqual(['03:22', '03:23', '03:24']);
  });

  it('name months where buckets are days, and the year where it begins', () => {
    expect(ticks('2015-11-20T00:00Z', dayMs, 100)).toEqual(['Dec', '2016', 'Feb']);
  });

  it('name years where buckets are months', () => {
    expect(ticks('2011-04-26T00:00Z', 30 * dayMs, 146)).toEqual(['2012', '2014', '2016', '2018', '2020', '2022']);
  });
});
