import { describe, expect, it } from 'vitest';
import { drawSeries } from './draw-series.ts';

const series = { key: 'hit', label: 'Hit', unit: 'count', term: undefined, values: [1, 2, 3, 4] } as const;
const running = [false, false, false, true];

describe('a bucket that is not over yet', () => {
  it('is a paler bar', () => {
    const [bars] = drawSeries(series, running, 'blue', 'bars');
    expect(bars?.data).toEqual([1, 2, 3, { value: 4, itemStyle: { color: 'blue', opacity: 0.5 } }]);
  });

  it.each(['lines', 'areas'] as const)('has %s of its own, from the last whole one on', (drawing) => {
    const [whole, part] = drawSeries(series, running, 'blue', drawing);
    expect(whole?.data).toEqual([1, 2, 3, null]);
    expect(part?.data).toEqual([null, null, 3, 4]);
    expect(part).toMatchObject(
      drawing === 'lines' ? { lineStyle: { type: [2, 3] } } : { areaStyle: { opacity: 0.4 }, stack: 'in part' },
    );
  });

  it('is drawn by nothing where there is none', () => {
    expect(drawSeries(series, [false, false, false, false], 'blue', 'lines')).toHaveLength(1);
  });
});
