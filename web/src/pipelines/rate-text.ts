import { formatQuantity } from '../format/quantity.ts';

/** A tenth of a line says something of three lines a second, and nothing of a thousand. */
export function formatRate(linesPerSecond: number): string {
  return linesPerSecond < 10 ? String(Math.round(linesPerSecond * 10) / 10) : formatQuantity(linesPerSecond, 'count');
}
