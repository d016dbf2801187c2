import { type ReportColumn, type Row, toNumber } from '../data/report-answer.ts';

export interface Delta {
  readonly text: string;
  readonly tone: 'good' | 'bad' | 'neutral';
  readonly direction: 'up' | 'down' | 'same';
}

/** The preceding period's value of `requests` is in `previous_requests` or `requests_previous`. */
export function isPrevious(column: ReportColumn): boolean {
  return /^previous_|_previous$/.test(column.name);
}

export function previousOf(row: Row, column: ReportColumn): number | null {
  return toNumber(row[`previous_${column.name}`] ?? row[`${column.name}_previous`]);
}

/**
 * Change against the preceding period: percentage points for a share, per cent for the rest.
 * @returns null when there is nothing to compare with.
 */
export function compare(column: ReportColumn, value: number | null, previous: number | null): Delta | null {
  if (value === null || previous === null) return null;
  const isShare = column.unit === 'ratio';
  if (!isShare && previous === 0) return null;
  const change = isShare ? (value - previous) * 100 : ((value - previous) / previous) * 100;
  const size = Math.abs(change);
  if (size < 0.05) return { text: isShare ? '0 pp' : '0 %', tone: 'neutral', direction: 'same' };
  const direction = change > 0 ? 'up' : 'down';
  return { text: `${printSize(size, isShare)}`, tone: toneOf(column.name, direction), direction };
}

function printSize(size: number, isShare: boolean): string {
  if (isShare) return `${size.toFixed(size < 10 ? 1 : 0)}\u00a0pp`;
  if (size >= 1000) return `×\u00a0${Math.round(size / 100 + 1)}`;
  return `${size.toFixed(size < 10 ? 1 : 0)}\u00a0%`;
}

/** More traffic is neutral; more errors and longer waits are bad; more hits are good. */
function toneOf(name: string, direction: 'up' | 'down'): Delta['tone'] {
  if (/hit/.test(name)) return direction === 'up' ? 'good' : 'bad';
  if (/4xx|5xx|error|ttfb|rejected/.test(name)) return direction === 'up' ? 'bad' : 'good';
  return 'neutral';
}
