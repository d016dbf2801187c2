import { quoteString } from '../engine/bound-parameter.ts';
import type { FieldType, Format } from '../formats/format.ts';
import { epochOfParts, timeParts } from './logs/epoch-expression.ts';
import { isNothing, type RawField } from './raw-field.ts';

export interface TimeExpression {
  /** SQL by name that `expression` needs. */
  readonly steps: readonly (readonly [name: string, sql: string])[];
  /** SQL of the event time as `Nullable(DateTime64(3, 'UTC'))`, NULL where the line has no valid time. */
  readonly expression: string;
}

/**
 * The time of an event is that of the format's best field that is filled. Day and clock are parsed apart: both repeat
 * within a block, so that the strict (and slow) parser runs once a distinct value; the quick parsers of the engine turn
 * 30 February into 2 March.
 */
export function timeExpression(format: Format, fields: readonly RawField[]): TimeExpression {
  const steps: [name: string, sql: string][] = [];
  const clock = fields.find(({ field }) => field?.type === 'clock')?.value;
  const epochs = timeFields(format, fields).flatMap(({ type, value, parsedAs }): [value: string, epochMs: string][] => {
    switch (type) {
      case 'epoch-milliseconds':
        return [[value, `toInt64OrNull(${value})`]];
      case 'epoch-seconds':
        return [[value, `accurateCastOrNull(round(toFloat64OrNull(${value}) * 1000), 'Int64')`]];
      case 'date':
        return clock === undefined ? [] : [[value, dayAndClock(value, clock)]];
      case 'iso-time':
        return [[value, isoTime(value)]];
      case 'clf-time':
        return [[value, clfTime(value)]];
      default:
        steps.push([`${parsedAs}_parts`, timeParts(`trim(BOTH '[]' FROM ${value})`)]);
        return [[value, epochOfParts(`${parsedAs}_parts`, tomorrow, false)]];
    }
  });
  const [last] = epochs.splice(-1);
  if (!last) return { steps: [], expression: "CAST(NULL AS Nullable(DateTime64(3, 'UTC')))" };
  const epochMs = epochs.reduceRight((rest, [value, ms]) => `if(${isNothing(value)}, ${rest}, ${ms})`, last[1]);
  return { steps, expression: withinRange(format.since ?? 2008, epochMs) };
}

/** A time without a year is of the last year. */
const tomorrow = "toString(toDate(now('UTC')) + 1)";

/** From the most precise to the least, unless the format says which are better. */
const precision: readonly FieldType[] = [
  'epoch-milliseconds',
  'epoch-seconds',
  'date',
  'iso-time',
  'clf-time',
  'any-time',
];

function timeFields({ times }: Format, fields: readonly RawField[]) {
  return fields
    .flatMap(({ field, value, parsedAs }) => {
      const rank = field ? (times ? times.indexOf(field.name) : precision.indexOf(field.type)) : -1;
      return field && rank !== -1 ? [{ rank, type: field.type, value, parsedAs }] : [];
    })
    .sort((one, other) => one.rank - other.rank);
}

function dayAndClock(date: string, clock: string, dayFormat = '%Y-%m-%d'): string {
  const day = `parseDateTimeOrNull(toLowCardinality(${date}), '${dayFormat}', 'UTC')`;
  const time = `parseDateTimeOrNull(concat('1970-01-01 ', toLowCardinality(${clock})), '%Y-%m-%d %H:%i:%S', 'UTC')`;
  return `1000 * (toInt64(toUnixTimestamp(${day})) + toUnixTimestamp(${time}))`;
}

/** A fraction is cut to milliseconds. */
function isoTime(value: string): string {
  const shape = quoteString('^[0-9-]{10}T[0-9:]{8}([.][0-9]+)?Z?$');
  const milliseconds = `toUInt16OrZero(rightPad(trim(TRAILING 'Z' FROM substring(${value}, 21, 3)), 3, '0'))`;
  const whole = dayAndClock(`substring(${value}, 1, 10)`, `substring(${value}, 12, 8)`);
  return `if(match(${value}, ${shape}), ${whole} + ${milliseconds}, NULL)`;
}

/** The offset repeats within a block, like the day. */
function clfTime(value: string): string {
  const shape = quoteString('^[0-9]{2}/[A-Z][a-z]{2}/[0-9]{4}:[0-9:]{8}([.,][0-9]{1,9})? [+-][0-9]{4}$');
  const offset = `toLowCardinality(substring(${value}, -5))`;
  const minutes = `60 * toInt64OrZero(substring(${offset}, 2, 2)) + toInt64OrZero(substring(${offset}, 4, 2))`;
  const local = dayAndClock(`substring(${value}, 1, 11)`, `substring(${value}, 13, 8)`, '%d/%b/%Y');
  // Jetty and others write milliseconds; elsewhere the offset stands here.
  const milliseconds = `toUInt16OrZero(rightPad(trim(TRAILING ' +-' FROM substring(${value}, 22, 3)), 3, '0'))`;
  const fraction = `if(length(${value}) > 26, ${milliseconds}, 0)`;
  return `if(match(${value}, ${shape}), ${local} + ${fraction} - if(startsWith(${offset}, '-'), -60000, 60000) * (${minutes}), NULL)`;
}

/** The upper end is that of the engine's 32-bit partition arithmetic. */
function withinRange(since: number, epochMs: string): string {
  const [first, last] = [Date.UTC(since, 0, 1), Date.UTC(2106, 0, 1)];
  return `fromUnixTimestamp64Milli(if((${epochMs} AS p_epoch) BETWEEN ${first} AND ${last}, p_epoch, NULL), 'UTC')`;
}
