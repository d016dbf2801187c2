import { quoteString } from '../../engine/bound-parameter.ts';

export const rotations = ['none', 'hour', 'day', 'week', 'month', 'stream'] as const;
/** How long an index takes documents, by the time of the event; the indexes of a data stream are the cluster's affair. */
export type Rotation = (typeof rotations)[number];

/**
 * SQL of the name of an index for a row of that time, in UTC, with the suffixes of Firehose, whose weeks begin on Sunday; the first of a year is the first
 * that has a Saturday in it. https://docs.aws.amazon.com/firehose/latest/dev/es-index-rotation.html
 */
export function indexName(index: string, rotation: Rotation, time: string): string {
  const saturday = `(toStartOfWeek(${time}, 0) + 6)`;
  const suffix = {
    none: undefined,
    stream: undefined,
    hour: `formatDateTime(${time}, '-%Y-%m-%d-%H')`,
    day: `formatDateTime(${time}, '-%Y-%m-%d')`,
    week: `concat('-', toString(toYear(${saturday})), '-w', leftPad(toString(intDiv(toDayOfYear(${saturday}) - 1, 7) + 1), 2, '0'))`,
    month: `formatDateTime(${time}, '-%Y-%m')`,
  }[rotation];
  return suffix === undefined ? quoteString(index) : `concat(${quoteString(index)}, ${suffix})`;
}

/** Of all indexes of that name, or its stream. Not "index-*", which would be the pattern of "index-other-*" too: years have four digits. */
export function indexPatterns(index: string, rotation: Rotation): string[] {
  return rotation === 'none' || rotation === 'stream' ? [index] : [`${index}-1*`, `${index}-2*`];
}

/** Whether an index is for a time that is over. Names of later times are greater. */
export function isPastIndex(name: string, index: string, rotation: Rotation, now: Date): boolean {
  const suffix = suffixAt(rotation, now);
  return suffix !== undefined && name < `${index}-${suffix}`;
}

/** As {@link indexName} has it. */
function suffixAt(rotation: Rotation, time: Date): string | undefined {
  const text = time.toISOString();
  switch (rotation) {
    case 'hour':
      return text.slice(0, 13).replace('T', '-');
    case 'day':
      return text.slice(0, 10);
    case 'week': {
      const saturday = new Date(time.getTime() + (6 - time.getUTCDay()) * dayMs);
      const year = saturday.getUTCFullYear();
      const week = Math.floor((saturday.getTime() - Date.UTC(year, 0, 1)) / (7 * dayMs)) + 1;
      return `${year}-w${String(week).padStart(2, '0')}`;
    }
    case 'month':
      return text.slice(0, 7);
    default:
      return undefined;
  }
}

const dayMs = 86_400_000;
