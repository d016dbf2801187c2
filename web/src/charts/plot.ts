import type { ValueAxis } from './value-axis.ts';

/** Where times and values are on a chart, CSS pixels from its upper left corner. */
export interface Plot {
  readonly left: number;
  readonly right: number;
  readonly top: number;
  readonly bottom: number;
  /** Width of a bucket. */
  readonly band: number;
  /** The middle of a bucket. */
  readonly xOf: (bucket: number) => number;
  readonly yOf: (value: number) => number;
  /** The bucket that is drawn at or nearest to a place. */
  readonly bucketAt: (x: number) => number;
  readonly valueAt: (y: number) => number;
}

interface Size {
  readonly width: number;
  readonly height: number;
}

const margins = { top: 10, right: 14, bottom: 22 };

/**
 * Bars stand in the middle of their part of the width; lines begin and end at its ends.
 * @param left width of the labels of values
 */
export function layOut(
  { width, height }: Size,
  left: number,
  buckets: number,
  axis: ValueAxis,
  hasBars: boolean,
): Plot {
  const right = Math.max(left + 1, width - margins.right);
  const bottom = Math.max(margins.top + 1, height - margins.bottom);
  const isOfBars = hasBars || buckets < 2;
  const band = (right - left) / (isOfBars ? buckets : buckets - 1);
  const start = isOfBars ? left + band / 2 : left;
  const scale = (bottom - margins.top) / (axis.max - axis.min);
  return {
    left,
    right,
    top: margins.top,
    bottom,
    band,
    xOf: (bucket) => start + bucket * band,
    yOf: (value) => bottom - (value - axis.min) * scale,
    bucketAt: (x) => Math.min(buckets - 1, Math.max(0, Math.round((x - start) / band))),
    valueAt: (y) => axis.min + (bottom - y) / scale,
  };
}
