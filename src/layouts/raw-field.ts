import { type Field, findField } from '../formats/format.ts';
import type { Layout } from './layout.ts';
import { isLike } from './line-characters.ts';

/** One column of a layout: its name in the log, the field it is, and the SQL of its value as text. */
export interface RawField {
  readonly name: string;
  /** `undefined` for a column that the format does not know; it is kept in `extra`. */
  readonly field: Field | undefined;
  readonly value: string;
  /** SQL of the text that may be in the place of an optional field and is none of its values; else empty. */
  readonly unlike?: string;
  /** The SQL name of its parsed number, unique within the statement. */
  readonly parsedAs: string;
}

/** The columns of a layout; `raw` is the array of values that the inner SELECT makes of a line. */
export function rawFields(layout: Layout): RawField[] {
  const last = layout.columns.length;
  const seen = new Set<string>();
  return layout.columns.map((name, index) => {
    const field = findField(layout.format, name);
    // A name that comes twice keeps its first value in the column and its second in `extra`.
    const repeated = field !== undefined && seen.has(field.name);
    if (field) seen.add(field.name);
    // A carriage return before the newline would stick to the last value.
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

/** The SQL of "this value means nothing". */
export function isNothing(value: string, more: readonly string[] = []): string {
  return `${value} IN (${['-', '', ...more].map((text) => `'${text}'`).join(', ')})`;
}
