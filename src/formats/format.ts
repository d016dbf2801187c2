import type { LoggedColumn } from '../schema/requests.ts';
import type { EventRow } from './event-row.ts';

/**
 * What a value is in the log. The type decides how it is parsed, which values are valid, and how well it tells a
 * column apart where no header names the columns.
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
  /** A number with its unit behind it: `12.3ms`, `0.1s` */
  | 'written-duration'
  | 'ip'
  /** `ip:port` or `name:port`, split at the last colon; an address of the viewer fills `client_port` too */
  | 'address'
  /**
   * The viewer's address, or what proxies made of it: a list of addresses, quoted or not, and the address of the last proxy
   * behind it. The first address is the viewer's, the list goes to `forwarded_for`, the proxy's address to `extra`.
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
   * As people and programs write it: ISO 8601 with any offset, the forms above, or a number, which is seconds, milliseconds,
   * microseconds or nanoseconds by its size
   */
  | 'any-time'
  /**
   * `METHOD URL PROTOCOL`, cut at the first and the last blank: the URL is as the viewer sent it and may hold blanks.
   * Fills method, path, query and http_version, and scheme and host when the URL is absolute. What has no method and
   * URL is kept whole in `extra`.
   */
  | 'request-line'
  /**
   * An `X-Amzn-Trace-Id` header, e.g. `Self=1-…;Root=1-…`: the root is the id that AWS WAF and X-Ray name. All of it is
   * kept in `extra` where it holds more.
   */
  | 'trace-id'
  /**
   * A URL, from the path on or absolute: fills path and query, and scheme and host. An absolute one is kept whole in
   * `extra` too.
   */
  | 'url'
  /** A path that may be followed by `?` and a query */
  | 'uri';

/**
 * `percent`: the value was percent-encoded once more by the log's writer, and is decoded exactly once.
 * `percent-twice-before-2020`: until December 2019 CloudFront encoded this field twice; a value that still shows `%20`
 * and has no blank after the first decoding is decoded once more.
 * `backslash`: the writer put `\xHH`, `\"` and the like for what would break the line; undone once.
 * `quoted-list`: `"a","b"` becomes `a,b`.
 * `json-list`: `["a","b"]` becomes `a, b`, anything else stays.
 * `question-mark`: the one before a query is taken off.
 * `plus`: the writer put a plus for a blank; two of them are a blank and a plus, as before the address of a robot.
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
  /** Where the value is stored; without it the value is kept in `extra` under its own name. */
  readonly column?: LoggedColumn;
  readonly encoding?: Encoding;
  /**
   * RE2 pattern that every value which is not null matches. Columns without a header are recognised by it, and a line
   * of such a layout that violates it is a reject, so that a shifted column is noticed.
   */
  readonly pattern?: string;
  /**
   * Whether a value unlike `pattern` is kept in `extra`, and the column stays empty: something else may stand in this place,
   * or in another unit, so that such a line is no reject.
   */
  readonly isOptional?: boolean;
  /**
   * For `keyed` lines: the names under which a line may carry the value, the best first, in small letters and with `_` for
   * `-`. The first value that matches `pattern` is taken, all others are kept in `extra` under their own names.
   */
  readonly keys?: readonly string[];
  /** For `keyed` lines: not looked for where one of these fields was found, and matches the RE2 pattern if there is one. */
  readonly unless?: readonly { readonly field: string; readonly pattern?: string }[];
  /** Names of the codes that the log writes instead, e.g. `{ '6': 'TCP' }`: a column and a message have the name. */
  readonly names?: Readonly<Record<string, string>>;
  /** Used when the column's own field is null or absent, e.g. `cs(Host)` for `host`. */
  readonly fallbackFor?: LoggedColumn;
}

/** How the lines of a format fall apart that has no delimiter between any two values. */
export type LineFraming =
  /**
   * Values stand apart by a blank, and those in double quotes may hold blanks; such a quote ends before a blank or the
   * end of the line. A line has at least `least` values; fields were only ever appended.
   */
  | { readonly kind: 'tokens'; readonly least: number }
  /**
   * RE2 pattern with a group for each field in the table's order; the last group holds the tokens of those that remain.
   * `unlike`: a line that matches this RE2 pattern too has a value too many, and is none of the format.
   */
  | { readonly kind: 'pattern'; readonly pattern: string; readonly unlike?: string }
  /**
   * `nested`: what lies within objects counts as columns of its own, as `<key>.<inner key>`, in this order. `list`: a line
   * may also be an object with a list under this key, whose elements are what a line is otherwise.
   */
  | { readonly kind: 'json'; readonly nested?: readonly NestedKey[]; readonly list?: string }
  | KeyedFraming;

/** Names and values in any order. Each line is searched for the {@link Field.keys} of the fields. */
export interface KeyedFraming {
  readonly kind: 'keyed';
  /** A JSON object, or `label:value` apart by tabs. */
  readonly syntax: 'json' | 'ltsv';
  /** Objects whose keys take part as `<key>.<inner key>`; an inner object is named so itself. */
  readonly opened?: readonly string[];
  /** A line of this format has a key of at least one of these fields, whatever its value. */
  readonly marks: readonly string[];
}

/** `headers`: a list of `{ name, value }`; its inner keys are the names in small letters. */
export type NestedKey = { readonly key: string; readonly holds: 'object' | 'headers' };

export interface Format {
  /** Of lines that are no HTTP requests: they become rows of `logs`, and every field is an attribute. */
  readonly event?: EventRow;
  /** Whether every line is held to the patterns of its fields, also where a header names these or a sample has odd ones. */
  readonly isStrict?: boolean;
  /** Stable name: the value of `--format` and of `format.type`, and of `requests.source_format`. */
  readonly name: string;
  readonly title: string;
  /** The vendor's page that the field table follows. */
  readonly reference: string;
  readonly fields: readonly Field[];
  /**
   * How a line without a header is recognised: `prefix`, the columns are the first N of the table (fields were only
   * ever appended); `subset`, any selection of the table in its order; `whole`, every line has all columns of the
   * table, and `framing` tells how to find them; `never`, a header or a person always names the columns.
   */
  readonly headerless: 'prefix' | 'subset' | 'whole' | 'never';
  /** For `whole`. */
  readonly framing?: LineFraming;
  /**
   * Of each group of fields a line has at least one that is filled. An object without them is not recognised, and where
   * the format is strict a line without them is a reject: values may be shifted without one of them looking wrong.
   */
  readonly requires?: readonly (readonly string[])[];
  /** A line with at least one filled field of each of these groups is an application's message and no request. */
  readonly excludes?: readonly (readonly string[])[];
  /**
   * Whether its lines stand among those of applications, on the same standard output: then most of a sample is not enough,
   * and a stream may change between the two.
   */
  readonly isMixed?: boolean;
  /**
   * How a `#Fields` line of this format is told from those of other servers, which share most names: by the program that
   * `#Software` names (RE2), by a name that only this format has, by what separates the values. Without it any such line
   * may be this format's.
   */
  readonly directive?: {
    readonly software?: string;
    readonly names: readonly string[];
    readonly delimiter?: string;
  };
  /**
   * Names of which a header has at least one if it is this format's: the others are words that any header may have. Not
   * needed where all names are the vendor's own.
   */
  readonly marks?: readonly string[];
  /**
   * For `subset`: names of the fields that most people select. Where several selections fit the values equally well,
   * one of these is meant.
   */
  readonly usualSelections?: readonly (readonly string[])[];
  /** A line that begins so is no request and no reject: `#`, or what a service writes to try the bucket. */
  readonly commentPrefix?: string;
  /** A number that means "not known", e.g. `-1`. */
  readonly unknownNumber?: string;
  /** Fields, in seconds, that add up to `duration`; it is not known when one of them is not. */
  readonly durationOf?: readonly string[];
  /** The fields that tell the time, the best first; without it the most precise type is the best. */
  readonly times?: readonly string[];
  /** First year that a time may be in; 2008 where it is not said. */
  readonly since?: number;
}

/** Whether values of a type make the time of the event, alone or with another. */
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
    // Two fields may differ in their spelling alone: `event.timestamp` and `event_timestamp`.
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
