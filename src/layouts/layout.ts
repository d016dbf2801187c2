import { createHash } from 'node:crypto';
import type { Field, Format, LineFraming } from '../formats/format.ts';
import { describeOpening, type OpeningStep } from './opening/opening-step.ts';

/**
 * A format plus the actual columns of one file or stream. It holds everything that decides which column a value
 * goes to, so that two inputs with the same {@link layoutId} are parsed by the same SQL.
 */
export interface Layout {
  readonly format: Format;
  readonly framing: Framing;
  /** The columns in the order of the values; for `json` and `parquet`, their names. */
  readonly columns: readonly string[];
  /**
   * `header`: named by the input itself. `configured`: named by the user or the CloudFront API. `detected`: inferred
   * from the values. Each line is checked against the fields in `checked`.
   */
  readonly namedBy: 'header' | 'configured' | 'detected';
  /** Names of the fields whose pattern every line must match; below a header all that have one. */
  readonly checked: readonly string[];
  /** Whether user agents and referers were percent-encoded twice, as CloudFront did until December 2019. */
  readonly encodedTwice: boolean;
  /** Percentage of requests that are logged, 1–100. */
  readonly samplingRate: number;
  /** Transports stripped from a line first; none if absent. */
  readonly opening?: readonly OpeningStep[];
}

export type Framing =
  /** `header`: the text of a first line that names the columns and is not a `#` directive (`plain`); else empty. */
  | { readonly kind: 'delimited'; readonly delimiter: string; readonly header: string }
  | { readonly kind: 'parquet' }
  | LineFraming;

/** Names of the fields with a pattern. */
export function patternedFields(fields: readonly Field[]): string[] {
  return fields.filter(({ pattern, isOptional }) => pattern && !isOptional).map(({ name }) => name);
}

/** The key of the list in a line whose elements are stored; `undefined` where a line is one element. */
export function listKey(framing: Framing): string | undefined {
  return framing.kind === 'json' ? framing.list : undefined;
}

/** Identity of a layout: 12 hexadecimal digits, equal exactly when everything above is equal. */
export function layoutId(layout: Layout): string {
  let id = ids.get(layout);
  if (id === undefined) {
    id = computeId(layout);
    ids.set(layout, id);
  }
  return id;
}

const ids = new WeakMap<Layout, string>();

function computeId(layout: Layout): string {
  const { format, framing, columns, namedBy, checked, encodedTwice, samplingRate, opening = [] } = layout;
  const identity = [format.name, Object.entries(framing), columns, namedBy, checked, encodedTwice, samplingRate];
  if (opening.length > 0) identity.push([...opening]);
  return createHash('sha256').update(JSON.stringify(identity)).digest('hex').slice(0, 12);
}

/** One line for display: `cloudfront-standard, 33 columns, tab-separated, named by the header`. */
export function describeLayout(layout: Layout): string {
  const { framing } = layout;
  const hows = {
    json: 'json',
    keyed: 'by names',
    parquet: 'parquet',
    tokens: 'separated by blanks and quoted',
    pattern: 'by a pattern',
  };
  const how = framing.kind === 'delimited' ? `separated by ${delimiterName(framing.delimiter)}` : hows[framing.kind];
  const named = { header: 'named by the input', configured: 'as configured', detected: 'detected from the values' };
  return `${layout.format.name}, ${layout.columns.length} columns, ${how}, ${named[layout.namedBy]}${describeOpening(layout.opening)}`;
}

export function delimiterName(delimiter: string): string {
  const names: Record<string, string> = { '\t': 'tab', ' ': 'blank', ',': 'comma', ';': 'semicolon', '|': 'bar' };
  return names[delimiter] ?? JSON.stringify(delimiter);
}
