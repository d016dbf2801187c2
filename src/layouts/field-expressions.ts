import { type LoggedColumn, loggedColumns } from '../schema/requests.ts';
import { decoded, percentDecoded } from './decode-expression.ts';
import type { Layout } from './layout.ts';
import { isNothing, type RawField } from './raw-field.ts';
import { valueParts } from './value-parts.ts';

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
    const parts = valueParts(raw);
    for (const [column, sql] of parts?.columns ?? []) {
      // The virtual host, where there is one, is what the viewer asked for; else a proxied URL names the host.
      const before = columns.get(column);
      columns.set(column, before === undefined ? sql : `if(${before} != '', ${before}, ${sql})`);
    }
    if (!field?.column || parts) continue;
    const own = columnExpression(layout, raw);
    // What a header said in front of the line is the same header's that may be at its end.
    const before = field.isOptional ? columns.get(field.column) : undefined;
    columns.set(field.column, before === undefined ? own : `if(${before} != '', ${before}, ${own})`);
  }
  const summed = durationSum(layout, fields);
  if (summed) columns.set('duration', summed);
  for (const { field, value } of fields) {
    // Where a field names a second column, it serves as that column when the layout has no field of its own for it.
    if (field?.fallbackFor && !columns.has(field.fallbackFor)) columns.set(field.fallbackFor, token(value));
    if (field?.type === 'uri' && !columns.has('query')) columns.set('query', percentDecoded(`queryString(${value})`));
  }
  return columns;
}

export function parsedNumbers({ format }: Layout, fields: readonly RawField[]): ParsedNumber[] {
  const unknown = format.unknownNumber === undefined ? [] : [format.unknownNumber];
  return fields.flatMap((raw) => {
    const { field, value, parsedAs } = raw;
    if (!field?.column || !/^(integer|seconds|milliseconds)$/.test(field.type)) return [];
    const number = `to${bareType(field.column)}OrNull(${value})`;
    const wrong =
      field.type === 'integer' ? `isNull(${parsedAs})` : `(isNull(${parsedAs}) OR NOT isFinite(${parsedAs}))`;
    return [
      {
        raw,
        expression: field.type === 'milliseconds' ? `${number} / 1000` : number,
        invalid: `${wrong} AND NOT (${isNothing(value, unknown)})`,
      },
    ];
  });
}

function durationSum({ format: { durationOf, unknownNumber = '' } }: Layout, fields: readonly RawField[]) {
  const parts = durationOf?.map((name) => fields.find(({ field }) => field?.name === name)?.value);
  if (!parts || parts.includes(undefined)) return undefined;
  return parts.map((value) => `toFloat64OrNull(if(${value} = '${unknownNumber}', '', ${value}))`).join(' + ');
}

function columnExpression(layout: Layout, { field, value, parsedAs }: RawField): string {
  const column = field?.column as LoggedColumn;
  const decode = (sql: string) => decoded(sql, field?.encoding, layout.encodedTwice);
  switch (field?.type) {
    case 'integer':
    case 'seconds':
    case 'milliseconds':
      return loggedColumns[column].type.startsWith('Nullable') ? parsedAs : `ifNull(${parsedAs}, 0)`;
    case 'token':
      // Decoding works on the dictionary, once a distinct value.
      return decode(token(value));
    case 'uri':
      return percentDecoded(`cutQueryString(${value})`);
    default:
      return decode(`if(${value} = '-', '', ${value})`);
  }
}

function token(value: string): string {
  return `transform(toLowCardinality(${value}), ['-'], [''])`;
}

function bareType(column: LoggedColumn): string {
  return loggedColumns[column].type.replace(/^Nullable\((.*)\)$/, '$1');
}
