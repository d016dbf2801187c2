import type { LoggedColumn } from '../schema/requests.ts';
import type { EventRow } from './event-row.ts';

/**
 * Type of a value in the log. It decides how the value is parsed, which values are valid, and how well it identifies a
 * column without a header.
 */
export type FieldType =
  | 'text'
  | 'token'
  | 'integer'
  | 'seconds'
  /** Stored as seconds */
  | 'milliseconds'
  | 'microseconds'
  | 'nanoseconds'
  /** A number followed by its unit: `12.3ms`, `0.1s` */
  | 'written-duration'
  | 'ip'
  /** `ip:port` or `name:port`, split at the last colon; an address of the viewer fills `client_port` too */
  | 'address'
  /**
   * The viewer's address, or its form behind proxies: a list of addresses, quoted or not, and the last proxy's address
   * after it. The first address is the viewer's, the list goes to `forwarded_for`, the proxy's address to `extra`.
   */
  | 'forwarded-address'
  /** `YYYY-MM-DD`, UTC; together with a `clock` it makes the time. */
  | 'date'
  /** `HH:MM:SS`, UTC */
  | 'clock'
  /** Seconds since 1970 with an optional fraction */
  | 'epoch-seconds'
  /** Milliseconds since 1970 */
  | 'epoch-milliseconds'
  /** `YYYY-MM-DDTHH:MM:SS`, optionally with a fraction, UTC */
  | 'iso-time'
  /** `dd/Mon/YYYY:HH:MM:SS +hhmm`, as in the Common Log Format */
  | 'clf-time'
  /**
   * Any common form: ISO 8601 with any offset, the forms above, or a number, which is seconds, milliseconds,
   * microseconds or nanoseconds by its size
   */
  | 'any-time'
  /**
   * `METHOD URL PROTOCOL`, split at the first and the last blank: the URL is as the viewer sent it and may hold blanks.
   * Fills method, path, query and http_version, and scheme and host if the URL is absolute. A value without method and
   * URL is kept whole in `extra`.
   */
  | 'request-line'
  /**
   * An `X-Amzn-Trace-Id` header, e.g. `Self=1-…;Root=1-…`: the root is the id that AWS WAF and X-Ray use. The header is
   * kept in `extra` if it holds more.
   */
  | 'trace-id'
  /**
   * A URL, absolute or only from the path: fills path and query, and scheme and host. An absolute one is kept whole in
   * `extra` too.
   */
  | 'url'
  /** A path that may be followed by `?` and a query */
  | 'uri';

/**
 * `percent`: the log's writer percent-encoded the value once more; decoded exactly once.
 * `percent-twice-before-2020`: until December 2019 CloudFront encoded this field twice; a value that still shows `%20`
 * and has no blank after the first decoding is decoded once more.
 * `backslash`: the writer escaped special characters as `\xHH`, `\"` and the like; undone once.
 * `quoted-list`: `"a","b"` becomes `a,b`.
 * `json-list`: `["a","b"]` becomes `a, b`, anything else is unchanged.
 * `question-mark`: the one before a query is removed.
 * `plus`: the writer replaced a blank by a plus; two of them are a blank and a plus, as before the address of a bot.
 */
export type Encoding =
  | 'percent'
  | 'percent-twice-before-2020'
  | 'backslash'
  | 'quoted-list'
  | 'json-list'
  | 'plus'
  | 'question-mark';

/** One row of a format's field table. */
export interface Field {
  /** Exactly as the vendor names it, e.g. `cs(User-Agent)`. */
  readonly name: string;
  readonly type: FieldType;
  /** Target column; without it the value is kept in `extra` under its own name. */
  readonly column?: LoggedColumn;
  readonly encoding?: Encoding;
  /**
   * RE2 pattern that every non-null value matches. Columns without a header are recognised by it, and a line
   * of such a layout that violates it is a reject, so that a shifted column is detected.
   */
  readonly pattern?: string;
  /**
   * Whether a value that does not match `pattern` goes to `extra` and leaves the column empty: it may be another value
   * or another unit, so such a line is not a reject.
   */
  readonly isOptional?: boolean;
  /**
   * For `keyed` lines: the names under which a line may carry the value, the best first, in lower case and with `_` for
   * `-`. The first value that matches `pattern` is taken, all others are kept in `extra` under their own names.
   */
  readonly keys?: readonly string[];
  /** For `keyed` lines: skipped if one of these fields was found and matches the RE2 pattern, if given. */
  readonly unless?: readonly { readonly field: string; readonly pattern?: string }[];
  /** Names for codes in the log, e.g. `{ '6': 'TCP' }`: columns and messages use the name. */
  readonly names?: Readonly<Record<string, string>>;
  /** Used when the column's own field is null or absent, e.g. `cs(Host)` for `host`. */
  readonly fallbackFor?: LoggedColumn;
}

/** How to split lines of a format without a delimiter between all values. */
export type LineFraming =
  /**
   * Values are separated by a blank, those in double quotes may hold blanks; such a quote ends before a blank or the
   * end of the line. A line has at least `least` values; fields were only ever appended.
   */
  | { readonly kind: 'tokens'; readonly least: number }
  /**
   * RE2 pattern with a group per field in the table's order; the last group holds the tokens of the remaining ones.
   * `unlike`: a line that also matches this RE2 pattern has a value too many, and is not of the format.
   */
  | { readonly kind: 'pattern'; readonly pattern: string; readonly unlike?: string }
  /**
   * `nested`: keys within objects count as separate columns, as `<key>.<inner key>`, in this order. `list`: a line
   * may also be an object with a list under this key, whose elements are like lines.
   */
  | { readonly kind: 'json'; readonly nested?: readonly NestedKey[]; readonly list?: string }
  | KeyedFraming;

/** Names and values in any order. Each line is searched for the {@link Field.keys} of the fields. */
export interface KeyedFraming {
  readonly kind: 'keyed';
  /** A JSON object, or `label:value` separated by tabs. */
  readonly syntax: 'json' | 'ltsv';
  /** Objects whose keys count as `<key>.<inner key>`; an inner object is named the same way. */
  readonly opened?: readonly string[];
  /** A line of this format has a key of at least one of these fields, whatever its value. */
  readonly marks: readonly string[];
}

/** `headers`: a list of `{ name, value }`; its inner keys are the names in lower case. */
export type NestedKey = { readonly key: string; readonly holds: 'object' | 'headers' };

export interface Format {
  /** For lines that are not HTTP requests: they become rows of `logs`, and every field is an attribute. */
  readonly event?: EventRow;
  /** Whether every line must match its fields' patterns, even if a sample has odd values. */
  readonly isStrict?: boolean;
  /** Stable name: the value of `--format` and of `format.type`, and of `requests.source_format`. */
  readonly name: string;
  readonly title: string;
  /** The vendor's page on which the field table is based. */
  readonly reference: string;
  readonly fields: readonly Field[];
  /**
   * How a line without a header is recognised: `prefix`, the columns are the first N of the table (fields were only
   * ever appended); `subset`, any selection of the table in its order; `whole`, every line has all columns of the
   * table, and `framing` tells how to find them; `never`, a header or the user always names the columns.
   */
  readonly headerless: 'prefix' | 'subset' | 'whole' | 'never';
  /** For `whole`. */
  readonly framing?: LineFraming;
  /**
   * A line has at least one non-empty field of each group. An object without them is not recognised, and where
   * the format is strict a line without them is a reject: values may be shifted and still look valid.
   */
  readonly requires?: readonly (readonly string[])[];
  /** A line with at least one non-empty field of each of these groups is an application's message, not a request. */
  readonly excludes?: readonly (readonly string[])[];
  /**
   * Whether its lines are mixed with those of applications on one standard output: then most of a sample is not enough,
   * and a stream may change between the two.
   */
  readonly isMixed?: boolean;
  /**
   * How a `#Fields` line of this format differs from other servers', which share most names: by the program that
   * `#Software` names (RE2), by a name that only this format has, by the delimiter. Without it any such line
   * may be this format's.
   */
  readonly directive?: {
    readonly software?: string;
    readonly names: readonly string[];
    readonly delimiter?: string;
  };
  /**
   * A header of this format has at least one of these names: the others are words that any header may have. Not
   * needed where all names are the vendor's own.
   */
  readonly marks?: readonly string[];
  /**
   * For `subset`: names of the fields in common selections. If several selections fit the values equally well,
   * one of these is preferred.
   */
  readonly usualSelections?: readonly (readonly string[])[];
  /** Prefix of lines that are neither requests nor rejects: `#`, or a service's test of the bucket. */
  readonly commentPrefix?: string;
  /** A number that means "not known", e.g. `-1`. */
  readonly unknownNumber?: string;
  /** Fields, in seconds, that add up to `duration`, which is unknown if one of them is. */
  readonly durationOf?: readonly string[];
  /** The fields with the time, the best first; by default the most precise type is the best. */
  readonly times?: readonly string[];
  /** First valid year of a time; default 2008. */
  readonly since?: number;
}

/** Whether values of a type give the time of the event, alone or with another. */
export function isTime(type: FieldType): boolean {
  return /^(date|clock|epoch-.*|.*-time)$/.test(type);
}

/** A field by the name in a header, JSON key or Parquet column; `undefined` when the format has no such field. */
export function findField(format: Format, name: string): Field | undefined {
  const index = byName(format);
  return index.get(name) ?? index.get(columnName(name));
}

const indexes = new WeakMap<Format, Map<string, Field>>();

function byName(format: Format): Map<string, Field> {
  let index = indexes.get(format);
  if (!index) {
    const named = (name: (field: Field) => string) => format.fields.map((field) => [name(field), field] as const);
    // Two fields may differ only in spelling: `event.timestamp` and `event_timestamp`.
    index = new Map([...named(({ name }) => columnName(name)), ...named(({ name }) => name)]);
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
