import { groupNames, re2Pattern } from '../../formats/logs/shapes-of.ts';
import { timeForms } from '../../formats/logs/time-forms.ts';

const months = ['Jan', 'Feb', 'Mar', 'Apr', 'May', 'Jun', 'Jul', 'Aug', 'Sep', 'Oct', 'Nov', 'Dec'];

const partNames = [
  'year',
  'month',
  'day',
  'clock',
  'fraction',
  'half',
  'offset',
  'minutes',
  'seconds',
  'nanoseconds',
] as const;

/** SQL of {@link epochOfParts}'s argument: a formatted time is split, anything else is the only part. */
export function timeParts(value: string): string {
  const apart = timeForms.reduce((rest, form, index) => {
    const names = groupNames(form);
    const parts = partNames.map((name) => (names.includes(name) ? `\\\\${names.indexOf(name) + 1}` : ''));
    return `replaceRegexpOne(${rest}, {time_form_${index}:String}, '${parts.join('|')}')`;
  }, value);
  return `splitByChar('|', ${apart})`;
}

/** Values of the parameters that {@link timeParts} names. */
export const timeParams: Readonly<Record<string, string>> = Object.fromEntries(
  timeForms.map((form, index) => [`time_form_${index}`, re2Pattern(form)]),
);

/**
 * SQL of a time as milliseconds since 1970, Int64; other texts may give any number outside {@link isTime}. The engine
 * evaluates an expression as often as it is written, so each part is named as rarely as possible.
 *
 * @param parts SQL of {@link timeParts}
 * @param latest SQL of the latest possible day, `YYYY-MM-DD`, from which a missing year is derived
 */
export function epochOfParts(parts: string, latest: string, bareMilliseconds: boolean): string {
  const part = (name: (typeof partNames)[number]) => `${parts}[${partNames.indexOf(name) + 1}]`;
  const numbers = months.map((_, index) => `'${String(index + 1).padStart(2, '0')}'`);
  const month = `transform(${part('month')}, [${months.map((name) => `'${name}'`).join(', ')}], [${numbers.join(', ')}], ${part('month')})`;
  const monthDay = `concat('-', ${month}, '-', leftPad(${part('day')}, 2, '0'))`;
  const year = `if(${part('year')} != '', leftPad(${part('year')}, 4, '20'), toString(toUInt16(substring(${latest}, 1, 4)) - (${monthDay} > substring(${latest}, 5))))`;
  // The engine's fast parsers turn 30 February into 2 March; this one does not.
  const stamp = `parseDateTimeOrNull(concat(${year}, ${monthDay}, ' ', ${part('clock')}), '%Y-%m-%d %H:%i:%S', 'UTC')`;
  const milliseconds = `${bareMilliseconds ? 'leftPad' : 'rightPad'}(${part('fraction')}, 3, '0')`;
  const minutes = `concat(substring(${part('offset')}, 1, 1), ${part('minutes')})`;
  return `multiIf(
      length(${parts}) < ${partNames.length}, ${epochOfNumber(`${parts}[1]`)},
      ${part('seconds')} != '', 1000 * toInt64OrZero(${part('seconds')}) + intDiv(toInt64OrZero(${part('nanoseconds')}), 1000000),
      1000 * (toInt64(toUnixTimestamp(ifNull(${stamp}, toDateTime(0, 'UTC')))) - 3600 * toInt64OrZero(${part('offset')}) - 60 * toInt64OrZero(${minutes})
          + 43200 * toInt64(${part('half')} IN ('P', 'p')) - 43200 * toInt64(${part('half')} != '' AND startsWith(${part('clock')}, '12')))
        + toInt64OrZero(${milliseconds}))`;
}

/** SQL that tells a time from other numbers and from a clock that was never set. */
export function isTime(epochMs: string): string {
  return `${epochMs} BETWEEN ${Date.UTC(2000)} AND ${Date.UTC(2100)}`;
}

/** Seconds, milliseconds, microseconds or nanoseconds: a current time has 10, 13, 16 or 19 digits. */
function epochOfNumber(text: string): string {
  const number = `toFloat64OrZero(${text})`;
  const unit = `least(3, greatest(0, round((log10(${number}) - 9.3) / 3)))`;
  // A plain conversion would throw for text that is not a number, and for infinity.
  return `ifNull(accurateCastOrNull(round(${number} * 1000 / pow(1000, ${unit})), 'Int64'), 0)`;
}
