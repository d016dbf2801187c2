import { type Field, findField } from '../formats/format.ts';
import type { Layout } from './layout.ts';
import { isLike } from './line-characters.ts';

/** One column of a layout: its name in the log, its field, and the SQL of its value as text. */
export interface RawField {
  readonly name: string;
  /** `undefined` for a column that the format does not know; it is kept in `extra`. */
  readonly field: Field | undefined;
  readonly value: string;
  /** Of a value that repeats: SQL of the same as LowCardinality(String), on whose distinct values functions run. */
  readonly token?: string;
  /** SQL of the text in the place of an optional field if it is not one of its values; else empty. */
  readonly unlike?: string;
  /** The SQL name of its parsed number, unique within the statement. */
  readonly parsedAs: string;
}

/** The columns of a layout. Their SQL needs {@link valueSteps}. */
export function rawFields(layout: Layout): RawField[] {
  const seen = new Set<string>();
  return layout.columns.map((name, index) => {
    const field = findField(layout.format, name);
    // The first value of a duplicate name goes to the column, the second to `extra`.
    const repeated = field !== undefined && seen.has(field.name);
    if (field) seen.add(field.name);
    const value = `v_${index + 1}`;
    const isToken = field?.type === 'token' && !field.isOptional;
    return {
      name,
      field: repeated ? undefined : field,
      ...(field?.isOptional ? optionalValue(field, value) : { value }),
      ...(isToken && !repeated ? { token: `l_${index + 1}` } : {}),
      parsedAs: `p_${index + 1}`,
    };
  });
}

/**
 * SQL by name of what {@link rawFields} name, given the array `raw` of a line's values: each is copied once, though its column and
 * its check need it in two steps of the statement.
 */
export function valueSteps({ framing }: Layout, fields: readonly RawField[]): [name: string, sql: string][] {
  return fields.flatMap(({ token }, index) => {
    const [name, element] = [`v_${index + 1}`, `raw[${index + 1}]`];
    // A carriage return before the newline would become part of the last value.
    const strip = framing.kind === 'delimited' && index + 1 === fields.length;
    const steps: [string, string][] = [[name, strip ? `trim(TRAILING '\\r' FROM ${element})` : element]];
    return token === undefined ? steps : [...steps, [token, `toLowCardinality(${name})`]];
  });
}

function optionalValue({ pattern = '' }: Field, value: string): { value: string; unlike: string } {
  const fits = isLike(value, pattern);
  return { value: `if(${fits}, ${value}, '')`, unlike: `if(${fits}, '', ${value})` };
}

/** The SQL of "this value is empty". */
export function isNothing(value: string, more: readonly string[] = []): string {
  return `${value} IN (${['-', '', ...more].map((text) => `'${text}'`).join(', ')})`;
}
