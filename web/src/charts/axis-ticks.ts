import { formatClock, formatDayOfYear, formatMonth } from '../format/time-text.ts';
import { asShown } from '../format/time-zone.ts';

const minuteMs = 60_000;
const dayMs = 1440 * minuteMs;
const mostTicks = 8;

/** Distances at which labels read easily, minutes. */
const distances = [1 / 6, 1 / 4, 0.5, 1, 2, 5, 10, 15, 30, 60, 120, 180, 240, 360, 720, 1440, 2880, 5760, 10_080];
const monthsApart = [1, 2, 3, 6, 12, 24, 60, 120];

/**
 * The label of each bucket on a time axis, empty where there is none: at round clock times within days, at the first
 * bucket of a month or a year beyond, because a tick at 07:15, or on 23 May of each year, reads worse.
 *
 * @param times start of each bucket, epoch ms
 */
export function labelTicks(times: readonly number[], stepMs: number): string[] {
  const spanMs = times.length * stepMs;
  if (spanMs > 60 * dayMs) return labelMonths(times, spanMs);
  const minutes = distances.find((distance) => spanMs / (distance * minuteMs) <= mostTicks) ?? 10_080;
  const distanceMs = Math.max(minutes * minuteMs, stepMs);
  return times.map((time) => (asShown(time) % distanceMs === 0 ? describeMoment(time) : ''));
}

function describeMoment(time: number): string {
  return asShown(time) % dayMs === 0 ? formatDayOfYear(time) : formatClock(time);
}

function labelMonths(times: readonly number[], spanMs: number): string[] {
  const distance = monthsApart.find((months) => spanMs / (months * 30.44 * dayMs) <= mostTicks) ?? 120;
  let last = Number.NaN;
  return times.map((time, index) => {
    const date = new Date(asShown(time));
    const group = Math.floor((date.getUTCFullYear() * 12 + date.getUTCMonth()) / distance);
    const isFirst = index > 0 && group !== last;
    last = group;
    if (!isFirst) return '';
    return distance >= 12 || date.getUTCMonth() === 0 ? String(date.getUTCFullYear()) : formatMonth(time);
  });
}
