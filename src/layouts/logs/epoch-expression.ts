import { groupNames, re2Pattern } from '../../formats/logs/shapes-of.ts';
import { timeForms } from '../../formats/logs/time-forms.ts';

/** A time earlier or later is none: it would be a number that means something else, or a clock that was never set. */
const [firstMs, lastMs] = [Date.UTC(2000), Date.UTC(2100)];

const months = ['Jan', 'Feb', 'Mar', 'Apr', 'May', 'Jun', 'Jul', 'Aug', 'Sep', 'Oct', 'Nov', 'Dec'];
const partNames = ['year', 'month', 'day', 'clock', 'fraction', 'offset', 'seconds', 'nanoseconds'] as const;

/** SQL of {@link epochOfParts}'s argument: what is written out is taken apart, anything else is the only part. */
export function timeParts(value: string): string {
  const inOneForm = timeForms.reduce((rest, form, index) => {
    const names = groupNames(form);
    const parts = partNames.map((name) => (names.includes(name) ? `\\\\${names.indexOf(name) + 1}` : ''));
    return `replaceRegexpOne(${rest}, {time_form_${index}:String}, '${parts.join('|')}')`;
  }, value);
  return `splitByChar('|', ${inOneForm})`;
}

/** Values of the parameters that {@link timeParts} names. */
export const timeParams: Readonly<Record<string, string>> = Object.fromEntries(
  timeForms.map((form, index) => [`time_form_${index}`, re2Pattern(form)]),
);

/**
 * SQL of a time as milliseconds since 1970, Int64; 0 for what is none. Numbers are seconds, milliseconds, microseconds or
 * nanoseconds, told apart by their size.
 *
 * @param parts SQL of {@link timeParts}
 * @param arrived SQL of the arrival in milliseconds, which gives a missing year
 */
export function epochOfParts(parts: string, arrived: string, bareMilliseconds: boolean): string {
  const [year, month, day, clock, fraction, offset, seconds, nanoseconds] = partNames.map(
    (_, index) => `${parts}[${index + 1}]`,
  );
  const monthDay = `concat(transform(${month}, [${quoted(months)}], [${quoted(months.map(monthNumber))}], ${month}), '-', leftPad(${day}, 2, '0'))`;
  const latest = `fromUnixTimestamp64Milli(toInt64(${arrived} + 86400000), 'UTC')`;
  const fullYear = `if(${year} = '', toString(toYear(${latest}) - (${monthDay} > formatDateTime(${latest}, '%m-%d'))), ${year})`;
  // The quick parsers of the engine turn 30 February into 2 March; this one does not, but knows no century but its own.
  const stamp = `if(${fullYear} BETWEEN '2000' AND '2099',
        toInt64(toUnixTimestamp(parseDateTimeOrNull(concat(${fullYear}, '-', ${monthDay}, ' ', ${clock}), '%Y-%m-%d %H:%i:%S', 'UTC'))), NULL)`;
  const milliseconds = `toInt64OrZero(${bareMilliseconds ? 'leftPad' : 'rightPad'}(${fraction}, 3, '0'))`;
  const offsetSeconds = `if(match(${offset}, '^[+-]'), if(startsWith(${offset}, '-'), -1, 1), 0)
        * (3600 * toInt64OrZero(substring(${offset}, 2, 2)) + 60 * toInt64OrZero(substring(replaceOne(${offset}, ':', ''), 4, 2)))`;
  return `multiIf(
      length(${parts}) < ${partNames.length}, ${epochOfNumber(`toFloat64OrZero(${parts}[1])`)},
      ${seconds} != '', ${epochOfNumber(`toFloat64OrZero(${seconds})`)} + intDiv(toInt64OrZero(${nanoseconds}), 1000000),
      ifNull(1000 * (${stamp} - ${offsetSeconds}) + ${milliseconds}, 0))`;
}

function epochOfNumber(number: string): string {
  const units = [1000, 1, 0.001, 0.000001].map((factor) => {
    const [from, to] = [firstMs / factor, lastMs / factor].map(Math.round);
    return `${number} BETWEEN ${from} AND ${to}, toInt64(round(${number} * ${factor}))`;
  });
  return `multiIf(${units.join(', ')}, 0)`;
}

function monthNumber(month: string): string {
  return String(months.indexOf(month) + 1).padStart(2, '0');
}

function quoted(words: readonly string[]): string {
  return words.map((word) => `'${word}'`).join(', ');
}
