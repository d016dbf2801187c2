import { describe, expect, it } from 'vitest';
import type { PipelinesAnswer } from '../../../src/server/routes/pipelines.ts';
import { appendRates, drawRates, type RateHistory } from './rate-history.ts';

const minute = 60_000;

function answer(...rates: readonly (readonly [name: string, linesPerSecond: number])[]): PipelinesAnswer {
  const pipelines = rates.map(([name, linesPerSecond]) => ({ name, linesPerSecond }));
  return { since: '', pipelines, events: [] } as unknown as PipelinesAnswer;
}

describe('appendRates', () => {
  it('keeps half an hour of the current pipelines', () => {
    let history: RateHistory = appendRates(new Map(), answer(['a', 1], ['b', 2]), 0);
    history = appendRates(history, answer(['a', 3]), 10 * minute);
    expect([...history]).toEqual([
      [
        'a',
        [
          { atMs: 0, linesPerSecond: 1 },
          { atMs: 10 * minute, linesPerSecond: 3 },
        ],
      ],
    ]);
    expect(appendRates(history, answer(['a', 4]), 31 * minute).get('a')).toHaveLength(2);
  });
});

describe('drawRates', () => {
  it('is at least two minutes wide, and as high as the greatest rate', () => {
    const { stretches, ...rest } = drawRates([
      { atMs: 5 * minute, linesPerSecond: 50 },
      { atMs: 5 * minute + 12_000, linesPerSecond: 100 },
    ]);
    expect(rest).toEqual({ most: 100, fromMs: 3 * minute + 12_000, toMs: 5 * minute + 12_000 });
    expect(stretches).toEqual([
      { line: 'M90.00 50.00L100.00 0.00', area: 'M90.00 50.00L100.00 0.00L100.00 100L90.00 100Z' },
    ]);
  });

  it('draws no line over a time without polls', () => {
    const points = [0, 2, 4, 60, 62].map((seconds) => ({ atMs: seconds * 1000, linesPerSecond: 1 }));
    expect(drawRates(points).stretches).toHaveLength(2);
  });

  it('is a line at the bottom where nothing comes', () => {
    expect(drawRates([{ atMs: 0, linesPerSecond: 0 }]).stretches[0]?.line).toBe('M100.00 100.00');
    expect(drawRates([])).toMatchObject({ stretches: [], most: 0 });
  });
});
