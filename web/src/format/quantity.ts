import type { ReportColumn } from '../data/report-answer.ts';

/** `number`: of what is not known. */
export type Unit = ReportColumn['unit'] | 'number';

const prefixes = ['', 'k', 'M', 'G', 'T', 'P', 'E'];
const grouped = new Intl.NumberFormat('en', { maximumFractionDigits: 0 });

/** Three significant digits and a unit; `–` for no value. The space is a no-break one. */
export function formatQuantity(value: number | null, unit: Unit): string {
  if (value === null) return '–';
  switch (unit) {
    case 'bytes':
      return withPrefix(value, 'B');
    case 'bits-per-second':
      return withPrefix(value, 'bit/s');
    case 'seconds':
      return formatDuration(value);
    case 'ratio':
      return formatShare(value);
    case 'number':
      return Math.abs(value) < 1000 ? String(Number(value.toPrecision(3))) : withPrefix(value, '');
    default:
      return Math.abs(value) < 10_000 ? grouped.format(value) : withPrefix(value, '');
  }
}

/** Every digit, for tooltips and titles. */
export function formatExactly(value: number | null, unit: Unit): string {
  if (value === null) return '–';
  if (unit === 'count') return grouped.format(value);
  if (unit === 'bytes') return `${withPrefix(value, 'B')} (${grouped.format(value)} bytes)`;
  return formatQuantity(value, unit);
}

function withPrefix(value: number, unit: string): string {
  let scaled = value;
  let index = 0;
  // 999.5 and up would print as 1000 with three digits.
  while (Math.abs(scaled) >= 999.5 && index < prefixes.length - 1) {
    scaled /= 1000;
    index += 1;
  }
  return `${significant(scaled)}\u00a0${prefixes[index]}${unit}`.replace(/\u00a0$/, '');
}

function formatDuration(seconds: number): string {
  if (seconds === 0) return '0\u00a0ms';
  if (Math.abs(seconds) < 0.9995) return `${significant(seconds * 1000)}\u00a0ms`;
  return `${significant(seconds)}\u00a0s`;
}

function formatShare(ratio: number): string {
  const percent = ratio * 100;
  if (percent === 0 || percent === 100) return `${percent}\u00a0%`;
  // A few errors in a million must not print as 0 %, nor one miss in a million as 100 % hits.
  if (percent < 0.01) return '<\u00a00.01\u00a0%';
  if (percent > 99.99) return '>\u00a099.99\u00a0%';
  return `${percent < 1 || percent > 99 ? percent.toFixed(2) : percent.toFixed(1)}\u00a0%`;
}

function significant(value: number): string {
  if (Number.isInteger(value)) return String(value);
  const size = Math.abs(value);
  return size >= 99.95 ? value.toFixed(0) : size >= 9.995 ? value.toFixed(1) : value.toFixed(2);
}
