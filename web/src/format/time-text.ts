import { asShown } from './time-zone.ts';

const months = ['Jan', 'Feb', 'Mar', 'Apr', 'May', 'Jun', 'Jul', 'Aug', 'Sep', 'Oct', 'Nov', 'Dec'];

/** `23 May 2014`, in the time that the reader has chosen, like all here. */
export function formatDay(ms: number): string {
  const date = new Date(asShown(ms));
  return `${date.getUTCDate()} ${formatMonth(ms)} ${date.getUTCFullYear()}`;
}

/** `01:05`, or `01:05:10` between two minutes. */
export function formatClock(ms: number): string {
  return formatIso(ms).slice(11, ms % 60_000 === 0 ? 16 : 19);
}

/** `01:05`, whatever the seconds. */
export function formatMinute(ms: number): string {
  return formatIso(ms).slice(11, 16);
}

/** `2014-05-23T01:05:10.000`, without a zone. */
export function formatIso(ms: number): string {
  return new Date(asShown(ms)).toISOString().slice(0, 23);
}

export function formatMoment(ms: number): string {
  return `${formatDay(ms)}, ${formatMinute(ms)}`;
}

/** `23 May 2014, 01:05 – 02:10` on one day, both days otherwise. */
export function formatSpan(fromMs: number, toMs: number): string {
  const from = `${formatDay(fromMs)}, ${formatClock(fromMs)}`;
  if (formatDay(fromMs) === formatDay(toMs)) return `${from} – ${formatClock(toMs)}`;
  return `${from} – ${formatDay(toMs)}, ${formatClock(toMs)}`;
}

/** As {@link formatSpan}, shorter: `19 May 04:00 – 20 May 2015 22:00`. */
export function formatShortSpan(fromMs: number, toMs: number): string {
  if (formatDay(fromMs) === formatDay(toMs)) return formatSpan(fromMs, toMs);
  const isOneYear = formatDay(fromMs).slice(-4) === formatDay(toMs).slice(-4);
  const from = isOneYear ? formatDayOfYear(fromMs) : formatDay(fromMs);
  return `${from} ${formatClock(fromMs)} – ${formatDay(toMs)} ${formatClock(toMs)}`;
}

/** `18 May` */
export function formatDayOfYear(ms: number): string {
  return `${new Date(asShown(ms)).getUTCDate()} ${formatMonth(ms)}`;
}

/** `May` */
export function formatMonth(ms: number): string {
  return months[new Date(asShown(ms)).getUTCMonth()] ?? '';
}

const ages: readonly [limitSeconds: number, unitSeconds: number, name: string][] = [
  [90, 1, 'second'],
  [90 * 60, 60, 'minute'],
  [36 * 3600, 3600, 'hour'],
  [Number.POSITIVE_INFINITY, 86_400, 'day'],
];

const newMs = 60 * 86_400_000;

/** `12 minutes ago` for recent times, `22 Feb 2023` for old ones: "4 years ago" would be too vague. */
export function formatFreshness(ms: number, nowMs: number): string {
  return nowMs - ms < newMs ? `${formatLength(nowMs - ms)} ago` : formatDay(ms);
}

/** `12 minutes` */
export function formatLength(ms: number): string {
  const seconds = Math.max(0, ms / 1000);
  const [, unitSeconds, name] = ages.find(([limit]) => seconds < limit) ?? [0, 1, 'second'];
  const count = Math.round(seconds / unitSeconds);
  return `${count} ${name}${count === 1 ? '' : 's'}`;
}

/** `10 s`, `15 min`, for the width of a bucket. */
export function formatStep(seconds: number): string {
  if (seconds < 60) return seconds === 1 ? 'second' : `${seconds} s`;
  if (seconds % 86_400 === 0) return seconds === 86_400 ? 'day' : `${seconds / 86_400} days`;
  if (seconds % 3600 === 0) return seconds === 3600 ? 'hour' : `${seconds / 3600} h`;
  return seconds === 60 ? 'minute' : `${seconds / 60} min`;
}
