import { formatQuantity } from '../format/quantity.ts';

/** A decimal matters at three lines per second, not at a thousand. */
export function formatRate(linesPerSecond: number): string {
  return linesPerSecond < 10 ? String(Math.round(linesPerSecond * 10) / 10) : formatQuantity(linesPerSecond, 'count');
}
