import { type Field, findField } from '../formats/format.ts';
import type { Layout } from './layout.ts';
import { isLike } from './line-characters.ts';

/** One column of a layout: its name in the log, its field, and the SQL of its value as text. */
export interface RawField {
  readonly name: string;
  /** `undefined` for a column that the format does not know; it is kept in `extra`. */
  readonly field: Field | undefined;
  readonly value: string;
  /** SQL of the text in the place of an optional field if it is not one of its values; else empty. */
  readonly unlike?: string;
  /** The SQL name of its parsed number, unique within the statement. */
  readonly parsedAs: string;
}

/** The columns of a layout; `raw` is the array of values that the inner SELECT splits a line into. */
export function rawFields(layout: Layout): RawField[] {
  const last = layout.columns.length;
  const seen = new Set<string>();
  return layout.columns.map((name, index) => {
    const field = findField(layout.format, name);
    // The first value of a duplicate name goes to the column, the second to `extra`.
    const repeated = field !== undefined && seen.has(field.name);
    if (field) seen.add(field.name);
    // A carriage return before the newline would become part of the last value.
    const strip = layout.framing.kind === 'delimited' && index + 1 === last;
    const value = strip ? `trim(TRAILING '\\r' FROM raw[${last}])` : `raw[${index + 1}]`;
    return {
      name,
      field: repeated ? undefined : field,
      ...(field?.isOptional ? optionalValue(field, value) : { value }),
      parsedAs: `p_${index + 1}`,
    };
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
