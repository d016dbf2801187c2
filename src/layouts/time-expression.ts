import type { FieldType } from '../formats/format.ts';
import { isNothing, type RawField } from './raw-field.ts';

/**
 * SQL of the event time as `Nullable(DateTime64(3, 'UTC'))`, NULL where the line has no valid time. The most precise
 * field that is filled wins. Day and clock are parsed apart: both repeat within a block, so that the strict (and slow) parser runs once
 * a distinct value; the quick parsers of the engine turn 30 February into 2 March.
 */
export function timeExpression(fields: readonly RawField[]): string {
  const value = (type: FieldType) => fields.find(({ field }) => field?.type === type)?.value;
  const milliseconds = value('epoch-milliseconds');
  const seconds = value('epoch-seconds');
  const date = value('date');
  const clock = value('clock');
  const parsed: [value: string, epochMs: string][] = [];
  if (milliseconds) parsed.push([milliseconds, `toInt64OrNull(${milliseconds})`]);
  if (seconds) parsed.push([seconds, `accurateCastOrNull(round(toFloat64OrNull(${seconds}) * 1000), 'Int64')`]);
  if (date && clock) parsed.push([date, dayAndClock(date, clock)]);
  const [last] = parsed.splice(-1);
  if (!last) return "CAST(NULL AS Nullable(DateTime64(3, 'UTC')))";
  return withinRange(
    parsed.reduceRight((rest, [value, epochMs]) => `if(${isNothing(value)}, ${rest}, ${epochMs})`, last[1]),
  );
}

function dayAndClock(date: string, clock: string): string {
  const day = `parseDateTimeOrNull(toLowCardinality(${date}), '%Y-%m-%d', 'UTC')`;
  const time = `parseDateTimeOrNull(concat('1970-01-01 ', toLowCardinality(${clock})), '%Y-%m-%d %H:%i:%S', 'UTC')`;
  return `1000 * (toInt64(toUnixTimestamp(${day})) + toUnixTimestamp(${time}))`;
}

/** CloudFront began in November 2008; the upper end is that of the engine's 32-bit partition arithmetic. */
function withinRange(epochMs: string): string {
  const [first, last] = [Date.UTC(2008, 0, 1), Date.UTC(2106, 0, 1)];
  return `fromUnixTimestamp64Milli(if((${epochMs} AS p_epoch) BETWEEN ${first} AND ${last}, p_epoch, NULL), 'UTC')`;
}
