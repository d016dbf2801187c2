import { readKeyTime, type TimeRange } from './key-time.ts';

const dayMs = 86_400_000;
/** Folders are named after the day of delivery, and the last minutes of a day are delivered on the next. */
const toleranceMs = dayMs;
const laterThanAny = '9999-99-99';

/**
 * Where a listing at this key may continue, skipping days outside the range: the first key of the first day in range,
 * or after the last. `…/2026/01/05/x` from 2026-02-01 on: `…/2026/01/31`.
 * @returns undefined when nothing can be skipped
 */
export function keyToSkipTo(key: string, range: Partial<TimeRange>): string | undefined {
  const day = findDay(key);
  if (!day) return undefined;
  const first = range.fromMs === undefined ? undefined : dayOf(range.fromMs - toleranceMs);
  const last = range.untilMs === undefined ? undefined : dayOf(range.untilMs + toleranceMs);
  if (first !== undefined && day.text < first) return day.before + day.write(first);
  if (last !== undefined && day.text > last) return day.before + day.write(laterThanAny);
  return undefined;
}

interface DayInKey {
  /** The key's prefix before the day: keys with this prefix are sorted by day. */
  readonly before: string;
  /** `2026-01-31`. */
  readonly text: string;
  /** Formats a day like this key. */
  readonly write: (text: string) => string;
}

const days = /year=(\d{4})\/month=(\d\d)\/day=(\d\d)(?=\/)|(\d{4})([/-])(\d\d)\5(\d\d)(?=[/-])/g;

/** The first day in the key that is the day of its log; another day, in a folder name, does not affect the order. */
function findDay(key: string): DayInKey | undefined {
  const time = readKeyTime(key);
  if (!time) return undefined;
  for (const found of key.matchAll(days)) {
    const [, hiveYear, hiveMonth, hiveDay, year, separator = '', month, day] = found;
    const text = `${hiveYear ?? year}-${hiveMonth ?? month}-${hiveDay ?? day}`;
    const distanceMs = Math.abs(Date.parse(text) - time.fromMs);
    if (!(distanceMs <= 2 * dayMs)) continue;
    const write =
      hiveYear === undefined
        ? (other: string) => other.replaceAll('-', separator)
        : (other: string) => `year=${other.slice(0, 4)}/month=${other.slice(5, 7)}/day=${other.slice(8)}`;
    return { before: key.slice(0, found.index), text, write };
  }
  return undefined;
}

/** Years before 0000 and after 9999 do not have four digits. */
function dayOf(timeMs: number): string {
  const earliest = Date.UTC(0, 0, 1);
  return new Date(Math.min(Math.max(timeMs, earliest), Date.UTC(9999, 11, 31))).toISOString().slice(0, 10);
}
