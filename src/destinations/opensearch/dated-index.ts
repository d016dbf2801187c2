import type { Rotation } from './index-name.ts';

const dayMs = 86_400_000;
const shapes: Readonly<Record<Rotation, RegExp | undefined>> = {
  none: undefined,
  stream: undefined,
  hour: /^-(\d{4})-(\d\d)-(\d\d)-(\d\d)$/,
  day: /^-(\d{4})-(\d\d)-(\d\d)$/,
  week: /^-(\d{4})-w(\d\d)$/,
  month: /^-(\d{4})-(\d\d)$/,
};

/**
 * When the time of an index is over, epoch ms. Undefined if its name is anything but the prefix continued by a time of the
 * rotation, exactly as deliveries name it: `realtime-archive-2026-01-01` is none of `realtime`.
 */
export function endOfIndex(name: string, prefix: string, rotation: Rotation): number | undefined {
  if (!name.startsWith(prefix)) return undefined;
  const [found, ...digits] = shapes[rotation]?.exec(name.slice(prefix.length)) ?? [];
  if (found === undefined) return undefined;
  const [year = 0, second = 0, day = 1, hour = 0] = digits.map(Number);
  if (rotation === 'week') return endOfWeek(year, second);
  const start = new Date(Date.UTC(year, second - 1, day, hour));
  // There is no 30 February.
  if (start.getUTCFullYear() !== year || start.getUTCMonth() !== second - 1) return undefined;
  if (start.getUTCDate() !== day || start.getUTCHours() !== hour) return undefined;
  if (rotation === 'month') return Date.UTC(year, second, 1);
  return start.getTime() + (rotation === 'hour' ? dayMs / 24 : dayMs);
}

/** Weeks end with a Saturday; the first of a year is the first that has one in it. */
function endOfWeek(year: number, week: number): number | undefined {
  const newYear = Date.UTC(year, 0, 1);
  const saturday = newYear + (6 - new Date(newYear).getUTCDay() + 7 * (week - 1)) * dayMs;
  return week > 0 && new Date(saturday).getUTCFullYear() === year ? saturday + dayMs : undefined;
}
