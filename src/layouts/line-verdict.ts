import { quoteString } from '../engine/bound-parameter.ts';
import type { Format } from '../formats/format.ts';
import { isTooLong, tooLongReason } from '../schema/line-bound.ts';
import type { ParsedNumber } from './field-expressions.ts';
import type { Layout } from './layout.ts';
import { isLike, takesAnything } from './line-characters.ts';
import { makesOtherLines } from './opening/opening-step.ts';
import { isNothing, type RawField } from './raw-field.ts';

/** SQL of a line's verdict and the texts that explain it. */
export interface Verdict {
  /** SQL of a number: 0 a row, {@link commentVerdict} a comment, anything else the 1-based index into `reasons`. */
  readonly expression: string;
  /** Reasons of rejects, for display; the same text for the same cause, so that they group. */
  readonly reasons: readonly string[];
}

export const commentVerdict = 65535;

/** Never final: an object with such a line is split there, and each part is read by its own header. */
export const otherHeaderReason = 'a header that names other columns';

/**
 * The checks, most specific first; the first that applies is the reason.
 * @param received SQL of the line as received
 */
export function lineVerdict(
  layout: Layout,
  fields: readonly RawField[],
  numbers: readonly ParsedNumber[],
  received: string,
): Verdict {
  const reasons: string[] = [];
  const branches: string[] = [];
  const comment = (condition: string) => branches.push(`${condition}, ${commentVerdict}`);
  const reject = (condition: string, reason: string) => branches.push(`${condition}, ${reasons.push(reason)}`);

  const { format, framing } = layout;
  if (framing.kind !== 'parquet') {
    comment("length(line) <= 1 AND trim(TRAILING '\\r' FROM line) = ''");
    if (hasCarriedHeader(layout)) reject(otherDirective, otherHeaderReason);
    if (format.commentPrefix && (framing.kind !== 'json' || format.framing))
      comment(`startsWith(line, '${format.commentPrefix}')`);
    reject(isTooLong(received), tooLongReason);
  }
  switch (framing.kind) {
    case 'delimited':
      if (framing.header) {
        comment("trim(TRAILING '\\r' FROM line) = {header:String}");
        reject(headerCondition(format, 'raw'), otherHeaderReason);
      }
      reject(`length(raw) < ${fields.length}`, `too few columns: less than ${fields.length}`);
      // The vendor's own samples end in a lone tab: an empty rest is not a further column.
      reject(
        `length(raw) > ${fields.length} AND arrayExists(more -> more NOT IN ('', '\\r'), arraySlice(raw, ${fields.length + 1}))`,
        `too many columns: more than ${fields.length}`,
      );
      break;
    case 'tokens':
      // Its value holds all that follows. A closed value has lost its quotes.
      reject(
        `startsWith(raw[-1], '"') AND (raw[-1] = '"' OR NOT endsWith(raw[-1], '"'))`,
        'a quote that nothing closes',
      );
      reject(`length(raw) < ${framing.least}`, `too few values: less than ${framing.least}`);
      break;
    case 'pattern':
      reject('empty(matched)', `not a line of ${format.name}`);
      break;
    case 'json':
      reject('empty(pairs)', 'not a JSON object');
      break;
    case 'keyed':
      if (framing.syntax === 'json') reject("empty(rest) AND arrayAll(key -> key = '', raw_keys)", 'not a JSON object');
      else reject(`NOT ${isLike('line', '(^|\\t)[^:\\t]+:')}`, 'no label and value pairs separated by tabs');
      break;
  }
  const filled = (group: readonly string[]) =>
    fields
      .filter(({ field }) => field && group.includes(field.name))
      .map(({ value }) => `NOT (${isNothing(value)})`)
      .join(' OR ');
  if (format.excludes) {
    reject(
      format.excludes.map((group) => `(${filled(group)})`).join(' AND '),
      'a message of an application, no request',
    );
  }
  reject('isNull(p_time)', 'no valid time');
  for (const group of (format.isStrict && format.requires) || []) {
    // Fields that were not selected are not missing.
    if (filled(group) !== '') reject(`NOT (${filled(group)})`, `no ${group.join(', ')}`);
  }
  for (const { raw, invalid } of numbers) reject(invalid, `${raw.name} is not ${numberName(raw)}`);
  for (const { name, field, value, token } of fields) {
    if (field?.pattern && layout.checked.includes(field.name)) {
      // The pattern comes from our field table; it is not input.
      const text = takesAnything(field.pattern) ? value : (token ?? value);
      reject(`NOT ${isLike(text, field.pattern)} AND NOT (${isNothing(text)})`, `no valid ${name}`);
    }
  }
  return { expression: `multiIf(${branches.join(',\n            ')}, 0)`, reasons };
}

/** Whether a transport carries the `#Fields` lines, so that the count of received lines does not show them. */
export function hasCarriedHeader({ framing, namedBy, opening = [] }: Layout): boolean {
  return framing.kind === 'delimited' && namedBy === 'header' && opening.length > 0 && !makesOtherLines(opening);
}

const otherDirective =
  "startsWith(line, '#Fields:') AND splitByWhitespace(trim(BOTH ' \t\r' FROM substring(line, 9))) != {columns:Array(String)}";

/** SQL that is true for a bare header line: its first two values are field names. The names are not input. */
export function headerCondition(format: Format, values: string): string {
  const names = format.fields.map(({ name }) => quoteString(name)).join(', ');
  return `(${values}[1] IN (${names}) AND ${values}[2] IN (${names}))`;
}

function numberName({ field }: RawField): string {
  return field?.type === 'seconds' ? 'a number of seconds' : 'a whole number in range';
}
