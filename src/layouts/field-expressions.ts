import { type LoggedColumn, loggedColumns } from '../schema/requests.ts';
import type { Layout } from './layout.ts';
import { isNothing, type RawField } from './raw-field.ts';

/** A number that is parsed once and used twice: for its column and for the check that it is one. */
export interface ParsedNumber {
  readonly raw: RawField;
  /** SQL of a Nullable number, NULL where the text is none. */
  readonly expression: string;
  /** SQL that is true when the text is neither nothing nor a valid number. */
  readonly invalid: string;
}

/** The SQL of every column that the layout's fields fill. */
export function columnExpressions(layout: Layout, fields: readonly RawField[]): Map<LoggedColumn, string> {
  const columns = new Map<LoggedColumn, string>();
  for (const raw of fields) {
    const { field } = raw;
    if (!field?.column) continue;
    columns.set(field.column, columnExpression(layout, raw));
  }
  for (const { field, value } of fields) {
    // Where a field names a second column, it serves as that column when the layout has no field of its own for it.
    if (field?.fallbackFor && !columns.has(field.fallbackFor)) columns.set(field.fallbackFor, token(value));
    if (field?.type === 'uri' && !columns.has('query')) columns.set('query', decode(`queryString(${value})`));
  }
  return columns;
}

export function parsedNumbers(fields: readonly RawField[]): ParsedNumber[] {
  return fields.flatMap((raw) => {
    const { field, value, parsedAs } = raw;
    if (!field?.column || (field.type !== 'integer' && field.type !== 'seconds')) return [];
    const wrong =
      field.type === 'seconds' ? `(isNull(${parsedAs}) OR NOT isFinite(${parsedAs}))` : `isNull(${parsedAs})`;
    return [
      {
        raw,
        expression: `to${bareType(field.column)}OrNull(${value})`,
        invalid: `${wrong} AND NOT (${isNothing(value)})`,
      },
    ];
  });
}

function columnExpression(layout: Layout, { field, value, parsedAs }: RawField): string {
  const column = field?.column as LoggedColumn;
  const encoding = field?.encoding;
  const twice = encoding === 'percent-twice-before-2020' && layout.encodedTwice;
  switch (field?.type) {
    case 'integer':
    case 'seconds':
      return loggedColumns[column].type.startsWith('Nullable') ? parsedAs : `ifNull(${parsedAs}, 0)`;
    case 'token':
      // Decoding works on the dictionary, once a distinct value.
      return encoding ? decode(token(twice ? undoubled(value) : value)) : token(value);
    case 'uri':
      return decode(`cutQueryString(${value})`);
    default: {
      const plain = `if(${value} = '-', '', ${value})`;
      return encoding ? decode(twice ? undoubled(plain) : plain) : plain;
    }
  }
}

function token(value: string): string {
  return `transform(toLowCardinality(${value}), ['-'], [''])`;
}

/** A bad escape or a cut-off `%2` stays as it is. A plus stays a plus. */
function decode(value: string): string {
  return `decodeURLComponent(${value})`;
}

/** `%2520` and no `%20`: the value was encoded twice, so one layer is taken off before the decoding proper. */
function undoubled(value: string): string {
  return `if(position(${value}, '%2520') > 0 AND position(${value}, '%20') = 0, replaceAll(${value}, '%25', '%'), ${value})`;
}

function bareType(column: LoggedColumn): string {
  return loggedColumns[column].type.replace(/^Nullable\((.*)\)$/, '$1');
}
