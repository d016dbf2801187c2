import { labelTicks } from './axis-ticks.ts';
import type { Plot } from './plot.ts';

export interface TimeLabel {
  readonly text: string;
  readonly x: number;
  readonly anchor: 'start' | 'middle' | 'end';
}

/** Of the font of labels. */
export const glyphPixels = 6.4;
const gapPixels = 8;

/** The labels of the axis of times that have room. */
export function placeLabels(times: readonly number[], stepMs: number, plot: Plot): readonly TimeLabel[] {
  const placed: TimeLabel[] = [];
  let freeFrom = 0;
  labelTicks(times, stepMs).forEach((text, index) => {
    if (text === '') return;
    const x = plot.xOf(index);
    const half = (text.length * glyphPixels) / 2;
    // At the ends it would overlap the labels of values, or be clipped.
    const anchor = x - half < plot.left - 8 ? 'start' : x + half > plot.right + 12 ? 'end' : 'middle';
    const from = anchor === 'start' ? x : anchor === 'end' ? x - 2 * half : x - half;
    if (from < freeFrom) return;
    placed.push({ text, x, anchor });
    freeFrom = from + 2 * half + gapPixels;
  });
  return placed;
}
