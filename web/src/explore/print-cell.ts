import { formatQuantity, type Unit } from '../format/quantity.ts';
import { formatDayOfYear, formatIso } from '../format/time-text.ts';
import { parseUtc } from '../view/time-range.ts';

const units: Readonly<Record<string, Unit>> = {
  bytes_sent: 'bytes',
  bytes_received: 'bytes',
  content_length: 'bytes',
  duration: 'seconds',
  ttfb: 'seconds',
  origin_fbl: 'seconds',
  origin_lbl: 'seconds',
};

/** Whether values of a column are compared by their size, and not read as codes. */
export function isMeasure(name: string): boolean {
  return Object.hasOwn(units, name);
}

/** A value in a table; whole values are in the details of the row. */
export function printCell(name: string, value: unknown): string {
  if (value === null || value === undefined || value === '') return '–';
  if (name === 'time') {
    const ms = parseUtc(String(value));
    return Number.isNaN(ms) ? String(value) : `${formatDayOfYear(ms)} ${formatIso(ms).slice(11)}`;
  }
  const unit = units[name];
  if (unit !== undefined) return formatQuantity(Number(value), unit);
  return printWhole(value);
}

export function printWhole(value: unknown): string {
  return typeof value === 'object' ? JSON.stringify(value) : String(value);
}

/** What stands out. */
export function toneOf(name: string, value: unknown): '' | 'tone-bad' | 'tone-warn' {
  const text = String(value);
  if (name === 'status') return /^5|^0$/.test(text) ? 'tone-bad' : text.startsWith('4') ? 'tone-warn' : '';
  if (name === 'level') return /^(ERROR|FATAL)$/.test(text) ? 'tone-bad' : text === 'WARN' ? 'tone-warn' : '';
  return '';
}
