import type { Matcher } from './matchers.ts';

export const weekdays = ['sun', 'mon', 'tue', 'wed', 'thu', 'fri', 'sat'] as const;
export type Weekday = (typeof weekdays)[number];

/** When nothing that matches is announced; each week, or once. In UTC. */
export interface MaintenanceWindow {
  readonly name: string;
  /** All must match; none matches everything. */
  readonly match: readonly Matcher[];
  readonly when: WeeklyTime | DatedTime;
}

export interface WeeklyTime {
  readonly days: readonly Weekday[];
  /** Minutes since midnight; an end before the start is one of the next day. */
  readonly fromMinute: number;
  readonly toMinute: number;
}

export interface DatedTime {
  readonly fromMs: number;
  readonly toMs: number;
}

const dayMinutes = 1440;

export function isWithin(when: MaintenanceWindow['when'], atMs: number): boolean {
  if ('fromMs' in when) return atMs >= when.fromMs && atMs < when.toMs;
  const date = new Date(atMs);
  const minute = date.getUTCHours() * 60 + date.getUTCMinutes();
  const { days, fromMinute, toMinute } = when;
  const startsOn = (back: number) => days.includes(weekdays[(date.getUTCDay() + 7 - back) % 7] ?? 'sun');
  const end = toMinute <= fromMinute ? toMinute + dayMinutes : toMinute;
  const isIn = (from: number, one: number) => one >= from && one < end;
  return (startsOn(0) && isIn(fromMinute, minute)) || (startsOn(1) && isIn(fromMinute, minute + dayMinutes));
}
