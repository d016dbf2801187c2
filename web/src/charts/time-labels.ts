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

/** The labels of the axis of times that have room; days before times of day. */
export function placeLabels(times: readonly number[], stepMs: number, plot: Plot): readonly TimeLabel[] {
  const placed: (TimeLabel & { readonly from: number; readonly to: number })[] = [];
  const labels = labelTicks(times, stepMs).map((text, index) => ({ text, x: plot.xOf(index) }));
  const isTimeOfDay = ({ text }: { readonly text: string }) => text.includes(':');
  for (const { text, x } of [...labels.filter((one) => !isTimeOfDay(one)), ...labels.filter(isTimeOfDay)]) {
    if (text === '') continue;
    const width = text.length * glyphPixels;
    // At the ends it would overlap the labels of values, or be clipped.
    const anchor = x - width / 2 < plot.left - 8 ? 'start' : x + width / 2 > plot.right + 12 ? 'end' : 'middle';
    const from = x - { start: 0, middle: width / 2, end: width }[anchor];
    const to = from + width;
    if (placed.some((other) => from < other.to + gapPixels && to + gapPixels > other.from)) continue;
    placed.push({ text, x, anchor, from, to });
  }
  return placed;
}
