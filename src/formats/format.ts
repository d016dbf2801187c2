import type { LoggedColumn } from '../schema/requests.ts';

/**
 * What a value is in the log. The type decides how it is parsed, which values are valid, and how well it tells a
 * column apart where no header names the columns.
 */
export type FieldType =
  | 'text'
  | 'token'
  | 'integer'
  | 'seconds'
  | 'ip'
  /** `YYYY-MM-DD`, UTC; together with a `clock` it makes the time. */
  | 'date'
  /** `HH:MM:SS`, UTC */
  | 'clock'
  /** Seconds since 1970 with an optional fraction */
  | 'epoch-seconds'
  /** Milliseconds since 1970 */
  | 'epoch-milliseconds'
  /** A path that may be followed by `?` and a query */
  | 'uri';

/**
 * `percent`: the value was percent-encoded once more by the log's writer, and is decoded exactly once.
 * `percent-twice-before-2020`: until December 2019 CloudFront encoded this field twice; a value that still shows `%20`
 * and has no blank after the first decoding is decoded once more.
 */
export type Encoding = 'percent' | 'percent-twice-before-2020';

/** One row of a format's field table. */
export interface Field {
  /** Exactly as the vendor names it, e.g. `cs(User-Agent)`. */
  readonly name: string;
  readonly type: FieldType;
  /** Where the value is stored; without it the value is kept in `extra` under its own name. */
  readonly column?: LoggedColumn;
  readonly encoding?: Encoding;
  /**
   * RE2 pattern that every value which is not null matches. Columns without a header are recognised by it, and a line
   * of such a layout that violates it is a reject, so that a shifted column is noticed.
   */
  readonly pattern?: string;
  /** Used when the column's own field is null or absent, e.g. `cs(Host)` for `host`. */
  readonly fallbackFor?: LoggedColumn;
}

export interface Format {
  /** Stable name: the value of `--format` and of `format.type`, and of `requests.source_format`. */
  readonly name: string;
  readonly title: string;
  /** The vendor's page that the field table follows. */
  readonly reference: string;
  /** A lone value that means "nothing". */
  readonly nullMarker: string;
  readonly fields: readonly Field[];
  /**
   * How a line without a header is recognised: `prefix`, the columns are the first N of the table (fields were only
   * ever appended); `subset`, any selection of the table in its order.
   */
  readonly headerless: 'prefix' | 'subset';
  /**
   * For `subset`: names of the fields that most people select. Where several selections fit the values equally well,
   * one of these is meant.
   */
  readonly usualSelections?: readonly (readonly string[])[];
}

/** A field by the name in a header, JSON key or Parquet column; `undefined` when the format has no such field. */
export function findField(format: Format, name: string): Field | undefined {
  return byName(format).get(columnName(name));
}

const indexes = new WeakMap<Format, Map<string, Field>>();

function byName(format: Format): Map<string, Field> {
  let index = indexes.get(format);
  if (!index) {
    index = new Map(format.fields.map((field) => [columnName(field.name), field]));
    indexes.set(format, index);
  }
  return index;
}

/** Parquet spells `cs(User-Agent)` as `cs_user_agent`; both spellings, in any case, are the same field. */
function columnName(name: string): string {
  return name
    .trim()
    .toLowerCase()
    .replace(/[^a-z0-9]+/g, '_')
    .replace(/^_|_$/g, '');
}
