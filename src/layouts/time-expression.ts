import type { FieldType, Format } from '../formats/format.ts';
import { patternLiteral } from './line-patterns.ts';
import { isNothing, type RawField } from './raw-field.ts';

/**
 * SQL of the event time as `Nullable(DateTime64(3, 'UTC'))`, NULL where the line has no valid time. The most precise
 * field that is filled wins. Day and clock are parsed apart: both repeat within a block, so that the strict (and slow) parser runs once
 * a distinct value; the quick parsers of the engine turn 30 February into 2 March.
 */
export function timeExpression(format: Format, fields: readonly RawField[]): string {
  const value = (type: FieldType) => fields.find(({ field }) => field?.type === type)?.value;
  const milliseconds = value('epoch-milliseconds');
  const seconds = value('epoch-seconds');
  const date = value('date');
  const clock = value('clock');
  const iso = value('iso-time');
  const clf = value('clf-time');
  const parsed: [value: string, epochMs: string][] = [];
  if (milliseconds) parsed.push([milliseconds, `toInt64OrNull(${milliseconds})`]);
  if (seconds) parsed.push([seconds, `accurateCastOrNull(round(toFloat64OrNull(${seconds}) * 1000), 'Int64')`]);
  if (date && clock) parsed.push([date, dayAndClock(date, clock)]);
  if (iso) parsed.push([iso, isoTime(iso)]);
  if (clf) parsed.push([clf, clfTime(clf)]);
  const [last] = parsed.splice(-1);
  if (!last) return "CAST(NULL AS Nullable(DateTime64(3, 'UTC')))";
  return withinRange(
    format.since ?? 2008,
    parsed.reduceRight((rest, [value, epochMs]) => `if(${isNothing(value)}, ${rest}, ${epochMs})`, last[1]),
  );
}

function dayAndClock(date: string, clock: string, dayFormat = '%Y-%m-%d'): string {
  const day = `parseDateTimeOrNull(toLowCardinality(${date}), '${dayFormat}', 'UTC')`;
  const time = `parseDateTimeOrNull(concat('1970-01-01 ', toLowCardinality(${clock})), '%Y-%m-%d %H:%i:%S', 'UTC')`;
  return `1000 * (toInt64(toUnixTimestamp(${day})) + toUnixTimestamp(${time}))`;
}

/** A fraction is cut to milliseconds. */
function isoTime(value: string): string {
  const shape = patternLiteral('^[0-9-]{10}T[0-9:]{8}([.][0-9]+)?Z?$');
  const milliseconds = `toUInt16OrZero(rightPad(trim(TRAILING 'Z' FROM substring(${value}, 21, 3)), 3, '0'))`;
  const whole = dayAndClock(`substring(${value}, 1, 10)`, `substring(${value}, 12, 8)`);
  return `if(match(${value}, ${shape}), ${whole} + ${milliseconds}, NULL)`;
}

/** The offset repeats within a block, like the day. */
function clfTime(value: string): string {
  const shape = patternLiteral('^[0-9]{2}/[A-Z][a-z]{2}/[0-9]{4}:[0-9:]{8} [+-][0-9]{4}$');
  const offset = `toLowCardinality(substring(${value}, 22))`;
  const minutes = `60 * toInt64OrZero(substring(${offset}, 2, 2)) + toInt64OrZero(substring(${offset}, 4, 2))`;
  const local = dayAndClock(`substring(${value}, 1, 11)`, `substring(${value}, 13, 8)`, '%d/%b/%Y');
  return `if(match(${value}, ${shape}), ${local} - if(startsWith(${offset}, '-'), -60000, 60000) * (${minutes}), NULL)`;
}

/** The upper end is that of the engine's 32-bit partition arithmetic. */
function withinRange(since: number, epochMs: string): string {
  const [first, last] = [Date.UTC(since, 0, 1), Date.UTC(2106, 0, 1)];
  return `fromUnixTimestamp64Milli(if((${epochMs} AS p_epoch) BETWEEN ${first} AND ${last}, p_epoch, NULL), 'UTC')`;
}
