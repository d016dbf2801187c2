import type { FieldType } from '../formats/format.ts';
import { type LoggedColumn, loggedColumns } from '../schema/requests.ts';
import { decoded, named, percentDecoded } from './decode-expression.ts';
import type { Layout } from './layout.ts';
import { isNothing, type RawField } from './raw-field.ts';
import { valueParts } from './value-parts.ts';

/** A number that is parsed once and used twice: for its column and to validate it. */
export interface ParsedNumber {
  readonly raw: RawField;
  /** SQL of a Nullable number, NULL where the text is not a number. */
  readonly expression: string;
  /** SQL that is true when the text is neither empty nor a valid number. */
  readonly invalid: string;
}

/** The SQL of every column that the layout's fields fill. */
export function columnExpressions(layout: Layout, fields: readonly RawField[]): Map<LoggedColumn, string> {
  const columns = new Map<LoggedColumn, string>();
  // If several fields fill one column, the first non-empty one wins.
  const add = (column: LoggedColumn, sql: string) => {
    const before = columns.get(column);
    columns.set(column, before === undefined ? sql : firstFilled(column, before, sql));
  };
  for (const raw of fields) {
    const { field } = raw;
    const parts = valueParts(raw);
    for (const [column, sql] of parts?.columns ?? []) add(column, sql);
    if (field?.column && !parts) add(field.column, columnExpression(layout, raw));
  }
  const summed = durationSum(layout, fields);
  if (summed) columns.set('duration', summed);
  for (const raw of fields) {
    const { field, value } = raw;
    // A field with a second column also fills that column if the layout has no field of its own for it.
    if (field?.fallbackFor && !columns.has(field.fallbackFor)) columns.set(field.fallbackFor, token(raw));
    if (field?.type === 'uri' && !columns.has('query')) columns.set('query', percentDecoded(`queryString(${value})`));
  }
  return columns;
}

export function parsedNumbers({ format }: Layout, fields: readonly RawField[]): ParsedNumber[] {
  const unknown = format.unknownNumber === undefined ? [] : [format.unknownNumber];
  return fields.flatMap((raw) => {
    const { field, value, parsedAs } = raw;
    if (!field?.column || !(field.type in numberDivisors)) return [];
    const divisor = numberDivisors[field.type] ?? 1;
    const text =
      field.type === 'written-duration' ? `extract(${value}, '^[0-9.]+')` : decoded(value, field.encoding, false);
    const number = `to${bareType(field.column)}OrNull(${text})`;
    const wrong =
      field.type === 'integer' ? `isNull(${parsedAs})` : `(isNull(${parsedAs}) OR NOT isFinite(${parsedAs}))`;
    return [
      {
        raw,
        expression:
          field.type === 'written-duration'
            ? `${number} * ${writtenUnit(value)}`
            : divisor === 1
              ? number
              : `${number} / ${divisor}`,
        invalid: `${wrong} AND NOT (${isNothing(value, unknown)})`,
      },
    ];
  });
}

/** Types that are parsed as numbers, with the divisor that converts to our unit. */
const numberDivisors: Readonly<Partial<Record<FieldType, number>>> = {
  integer: 1,
  seconds: 1,
  milliseconds: 1000,
  microseconds: 1_000_000,
  nanoseconds: 1_000_000_000,
  'written-duration': 1,
};

function writtenUnit(value: string): string {
  return `transform(extract(${value}, '[^0-9.]+$'), ['ns', 'us', 'µs', 'ms'], [1e-9, 1e-6, 1e-6, 1e-3], 1.)`;
}

function firstFilled(column: LoggedColumn, one: string, other: string): string {
  const { type } = loggedColumns[column];
  if (type.startsWith('Nullable')) return `ifNull(${one}, ${other})`;
  return `if(${one} != ${type.includes('String') ? "''" : '0'}, ${one}, ${other})`;
}

function durationSum({ format: { durationOf, unknownNumber = '' } }: Layout, fields: readonly RawField[]) {
  const parts = durationOf?.map((name) => fields.find(({ field }) => field?.name === name)?.value);
  if (!parts || parts.includes(undefined)) return undefined;
  return parts.map((value) => `toFloat64OrNull(if(${value} = '${unknownNumber}', '', ${value}))`).join(' + ');
}

function columnExpression(layout: Layout, raw: RawField): string {
  const { field, value, parsedAs } = raw;
  const column = field?.column as LoggedColumn;
  const decode = (sql: string) => decoded(sql, field?.encoding, layout.encodedTwice);
  switch (field?.type) {
    case 'integer':
    case 'seconds':
    case 'milliseconds':
    case 'microseconds':
    case 'nanoseconds':
    case 'written-duration':
      return loggedColumns[column].type.startsWith('Nullable') ? parsedAs : `ifNull(${parsedAs}, 0)`;
    case 'token':
      // Decoding runs on the dictionary, once per distinct value.
      return named(decode(token(raw)), field.names);
    case 'uri':
      return percentDecoded(`cutQueryString(${value})`);
    default:
      return decode(`if(${value} = '-', '', ${value})`);
  }
}

function token({ value, token = `toLowCardinality(${value})` }: RawField): string {
  return `transform(${token}, ['-'], [''])`;
}

function bareType(column: LoggedColumn): string {
  return loggedColumns[column].type.replace(/^Nullable\((.*)\)$/, '$1');
}
