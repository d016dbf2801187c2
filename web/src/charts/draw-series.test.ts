import { describe, expect, it } from 'vitest';
import { drawGhost, drawSeries, stackSeries } from './draw-series.ts';
import { layOut } from './plot.ts';

const axis = { min: 0, max: 10, ticks: [0, 10] };
const series = { values: [1, 2, 3, 4] };
const ground = [0, 0, 0, 0];
const running = [false, false, false, true];
const none = [false, false, false, false];
/** Bars of 10 pixels: 100 wide and 100 high without the margins. */
const ofBars = layOut({ width: 140 + 14, height: 100 + 32 }, 100, 4, axis, true);
const ofLines = layOut({ width: 130 + 14, height: 100 + 32 }, 100, 4, axis, false);

describe('a bucket that is not over yet', () => {
  it('is a paler bar', () => {
    const [whole, part] = drawSeries(series, ground, running, 'bars', ofBars);
    expect(whole?.d).toBe('M101 110V100H109V110ZM111 110V90H119V110ZM121 110V80H129V110Z');
    expect(part).toEqual({ kind: 'fill', d: 'M131 110V70H139V110Z', isInPart: true });
  });

  it('has a line of its own, from the last whole one on', () => {
    const shapes = drawSeries(series, ground, running, 'lines', ofLines);
    expect(shapes).toEqual([
      { kind: 'line', d: 'M100 100L110 90L120 80', isInPart: false },
      { kind: 'line', d: 'M120 80L130 70', isInPart: true },
    ]);
  });

  it('has an area of its own, from the last whole one on', () => {
    const shapes = drawSeries(series, [1, 1, 1, 1], running, 'areas', ofLines);
    expect(shapes).toEqual([
      { kind: 'fill', d: 'M100 90L110 80L120 70L120 100L110 100L100 100Z', isInPart: false },
      { kind: 'fill', d: 'M120 70L130 60L130 100L120 100Z', isInPart: true },
    ]);
  });

  it('is drawn by nothing where there is none', () =>
    expect(drawSeries(series, ground, none, 'lines', ofLines)).toHaveLength(1));
});

it('marks a value without neighbours, which has no line', () => {
  const shapes = drawSeries({ values: [1, null, 3, 4] }, ground, none, 'lines', ofLines);
  expect(shapes.map(({ kind, d }) => [kind, d])).toEqual([
    ['line', 'M120 80L130 70'],
    ['point', 'M100 100h0'],
  ]);
  expect(drawGhost([null, null, null, null], ofLines)).toEqual([]);
});

it('stacks series on those before', () =>
  expect(stackSeries([series, { values: [1, null, 1, 1] }, series], 4)).toEqual([ground, [1, 2, 3, 4], [2, 2, 4, 5]]));

it('finds the bucket and the value of a place', () => {
  expect([99, 104, 111, 139, 400].map(ofBars.bucketAt)).toEqual([0, 0, 1, 3, 3]);
  expect([99, 104, 106, 400].map(ofLines.bucketAt)).toEqual([0, 0, 1, 3]);
  expect(ofBars.valueAt(60)).toBe(5);
});
