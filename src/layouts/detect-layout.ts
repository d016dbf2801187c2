import { formats } from '../formats/catalog.ts';
import { type Field, type Format, findField } from '../formats/format.ts';
import { fitShare } from './align-columns.ts';
import { alignSelection, fillsMost, hasTime } from './align-selection.ts';
import { bestFormat, columnar, knownShare, selectable } from './best-format.ts';
import { detectWhole } from './detect-whole.ts';
import {
  beforeDirective,
  directiveColumns,
  directiveFormat,
  directivePlace,
  hasOtherHeader,
} from './fields-directive.ts';
import { findDelimiter, usualDelimiters } from './find-delimiter.ts';
import { type Framing, type Layout, patternedFields } from './layout.ts';
import { lineFits } from './line-fit.ts';
import { samplePairs } from './sample-pairs.ts';
import { splitSample } from './split-sample.ts';
import { splitValues } from './split-values.ts';
import { fits } from './value-fit.ts';

/** What the user or the configuration states about an input. Detection never overrides it. */
export interface LayoutHints {
  readonly format?: Format;
  /** For formats with user-chosen columns. */
  readonly columns?: readonly string[];
  readonly delimiter?: string;
  readonly samplingRate?: number;
}

export interface Detection {
  readonly layout: Layout;
  /** 0–1; 1 when the input or the user names the columns. */
  readonly confidence: number;
  /** Columns that fit another field just as well, as readable text. */
  readonly doubts: readonly string[];
}

/** Below this an input without a header is not stored unless the user names its columns. */
export const enoughConfidence = 0.8;

/**
 * Finds the layout of line-based input from its first lines.
 * @param lines complete lines without their newline
 * @returns `undefined` when nothing fits
 */
export function detectLayout(lines: readonly string[], hints: LayoutHints = {}): Detection | undefined {
  if (Object.values(hints).some((hint) => hint !== undefined)) return detect(lines, hints);
  // The search for transports asks for the same lines before.
  let found = detections.get(lines);
  if (!found) {
    found = { detection: detect(lines, hints) };
    detections.set(lines, found);
  }
  return found.detection;
}

const detections = new WeakMap<readonly string[], { readonly detection: Detection | undefined }>();

function detect(lines: readonly string[], hints: LayoutHints): Detection | undefined {
  const clean = lines.map((line) => line.replace(/^\uFEFF|\r$/g, ''));
  const data = clean.filter((line) => line !== '' && !line.startsWith('#'));
  const detection =
    hints.columns && hints.format?.headerless !== 'whole'
      ? fromHints(data, hints, hints.columns)
      : (fromDirective(clean, hints) ??
        fromWholeLines(data, hints) ??
        fromJson(data, hints) ??
        fromHeaderLine(data, hints) ??
        // Unknown names are better evidence than values that look alike.
        (directivePlace(clean) === -1 && !hasOtherHeader(clean)
          ? fromValues(beforeDirective(clean), hints)
          : undefined));
  if (!detection) return undefined;
  const samplingRate = hints.samplingRate ?? 100;
  const { layout } = detection;
  const confidence =
    layout.namedBy === 'header' ? detection.confidence * namedConfidence(layout, data) : detection.confidence;
  const encodedTwice = areEncodedTwice(userAgents(detection.layout, data));
  return { ...detection, confidence, layout: { ...layout, encodedTwice, samplingRate } };
}

/** The names give the columns; the lines show whether they have these columns. Named input is never refused. */
function namedConfidence(layout: Layout, data: readonly string[]): number {
  const header = layout.framing.kind === 'delimited' ? layout.framing.header : '';
  const rows = data.filter((line) => line !== header).slice(0, sampleRows);
  const share = rows.length === 0 ? 1 : rows.filter((line) => lineFits(layout, line)).length / rows.length;
  return enoughConfidence + (1 - enoughConfidence) * share;
}

/** One odd line proves nothing about the others. */
function areEncodedTwice(values: readonly string[]): boolean {
  const twice = values.filter((value) => value.includes('%2520') && !value.includes('%20')).length;
  return twice > 0 && twice >= values.length / 10;
}

/** Tells whether a file is from before 2020: any path or query may hold `%2520`, but user agents have blanks. */
function userAgents({ format, framing, columns }: Layout, data: readonly string[]): string[] {
  if (framing.kind !== 'delimited') return [];
  const position = columns.findIndex((name) => findField(format, name)?.column === 'user_agent');
  return position === -1 ? [] : data.map((line) => splitValues(line, framing.delimiter)[position] ?? '');
}

/** `#Fields: date time …` */
function fromDirective(lines: readonly string[], hints: LayoutHints): Detection | undefined {
  const at = directivePlace(lines);
  if (at === -1) return undefined;
  const columns = directiveColumns(lines[at] as string);
  const rows = lines.slice(at + 1).filter((line) => line !== '' && !line.startsWith('#'));
  const software = lines.slice(0, at).find((line) => line.startsWith('#Software:'));
  const format = hints.format ?? directiveFormat(columns, rows, software?.slice('#Software:'.length).trim());
  if (!format) return undefined;
  const delimiter = hints.delimiter ?? findDelimiter(rows, fieldsOf(format, columns)) ?? '\t';
  const detection = named(format, { kind: 'delimited', delimiter, header: '' }, columns);
  return hints.format || !isOfOthers(detection.layout, rows.slice(0, sampleRows)) ? detection : undefined;
}

/** FTP, mail and proxy servers use the column names of HTTP servers with other meanings. One line may be torn. */
function isOfOthers(layout: Layout, rows: readonly string[]): boolean {
  return layout.format.isStrict === true && rows.length > 1 && !rows.some((row) => lineFits(layout, row));
}

/** JSON of a named format may have other keys than the format has columns, so the line's own keys are used. */
function fromWholeLines(data: readonly string[], { format }: LayoutHints): Detection | undefined {
  const isOtherJson = !/json|keyed/.test(format?.framing?.kind ?? '') && areObjects(data);
  const detection = detectWhole(data, formats, isOtherJson ? undefined : format);
  return detection && (!format || detection.layout.format === format) ? { ...detection, doubts: [] } : undefined;
}

function fromJson(data: readonly string[], hints: LayoutHints): Detection | undefined {
  if (!areObjects(data)) return undefined;
  const keys = new Set<string>();
  for (const line of data) for (const key of samplePairs(line)?.keys() ?? []) keys.add(key);
  const columns = [...keys];
  const format = hints.format ?? bestFormat(columns, columnar);
  if (!format || columns.length === 0) return undefined;
  const detection = named(format, { kind: 'json' }, columns);
  const known = columns.filter((name) => findField(format, name)).length;
  // Application objects have keys like `timestamp` too, but with another kind of time or with a message.
  const isSelection = known === columns.length && format.headerless !== 'whole';
  if (hints.format || isSelection) return detection;
  const rows = data.slice(0, sampleRows).map((line) => splitSample(detection.layout, line));
  return known >= 3 && hasTime(fieldsOf(format, columns), rows) ? detection : undefined;
}

/** Some lines may be torn, including the first. */
function areObjects(data: readonly string[]): boolean {
  return data.length > 0 && data.filter((line) => line.startsWith('{')).length >= data.length / 2;
}

/** `plain`: the first line is a bare list of field names. */
function fromHeaderLine(data: readonly string[], hints: LayoutHints): Detection | undefined {
  const [header] = data;
  if (header === undefined) return undefined;
  for (const delimiter of hints.delimiter ? [hints.delimiter] : usualDelimiters) {
    const columns = splitValues(header, delimiter).map((name) => name.trim());
    const format = hints.format ?? bestFormat(columns);
    if (columns.length < 2 || !format || knownShare(format, columns) < 0.6) continue;
    // A transport's prefix is not part of the first name.
    if (!columns.every((name) => fieldName.test(name))) continue;
    return named(format, { kind: 'delimited', delimiter, header }, columns);
  }
  return undefined;
}

const fieldName = /^[A-Za-z][0-9A-Za-z_().-]*$/;

/** No header at all: the columns are inferred from the values, and every line is checked against their fields. */
function fromValues(data: readonly string[], hints: LayoutHints): Detection | undefined {
  let best: Detection | undefined;
  for (const delimiter of hints.delimiter ? [hints.delimiter] : usualDelimiters) {
    const rows = commonWidth(data.slice(0, sampleRows).map((line) => splitValues(line, delimiter)));
    if ((rows[0]?.length ?? 0) < 5) continue;
    for (const format of hints.format
      ? [hints.format]
      : selectable.filter(({ headerless }) => headerless !== 'never')) {
      const detection = alignFormat(format, rows, delimiter);
      if (detection && detection.confidence > (best?.confidence ?? leastConfidence)) best = detection;
    }
  }
  return best;
}

/** Below it a guess is not worth showing to the user. */
const leastConfidence = 0.4;
const sampleRows = 50;

function alignFormat(format: Format, rows: readonly (readonly string[])[], delimiter: string): Detection | undefined {
  const width = rows[0]?.length ?? 0;
  const prefix = format.fields.slice(0, width);
  const alignment =
    format.headerless === 'prefix'
      ? { fields: prefix, confidence: prefix.length === width ? fitShare(prefix, rows) ** 2 : 0, doubtful: [] }
      : alignSelection(format, rows);
  if (!alignment || alignment.confidence === 0 || !hasTime(alignment.fields, rows)) return undefined;
  const isThere = (name: string) =>
    alignment.fields.some((field, column) => field.name === name && fillsMost(field, column, rows));
  if (format.requires?.some((group) => !group.some(isThere))) return undefined;
  return {
    layout: {
      ...blank(format),
      framing: { kind: 'delimited', delimiter, header: '' },
      columns: alignment.fields.map(({ name }) => name),
      namedBy: 'detected',
      checked: format.isStrict ? patternedFields(alignment.fields) : checkable(alignment.fields, rows),
    },
    confidence: alignment.confidence,
    doubts: alignment.doubtful.map(({ column, chosen, other }) => `column ${column} is ${chosen} or ${other}`),
  };
}

/** The user named the columns. Real-time logs are delivered in the table's order, whatever the order of the list. */
function fromHints(data: readonly string[], hints: LayoutHints, columns: readonly string[]): Detection | undefined {
  // Standard logs mostly name their own columns, so names that both formats have suggest real-time logs.
  const format =
    hints.format ??
    bestFormat(
      columns,
      [...columnar].sort((one, other) => headerNeed(one) - headerNeed(other)),
    );
  if (!format) return undefined;
  const delimiter = hints.delimiter ?? findDelimiter(data, fieldsOf(format, columns)) ?? '\t';
  const rows = commonWidth(data.slice(0, sampleRows).map((line) => splitValues(line, delimiter)));
  const orders = format.headerless === 'subset' ? [inTableOrder(format, columns), columns] : [columns];
  const share = (order: readonly string[]) => fitShare(fieldsOf(format, order), rows);
  const best = orders.reduce((one, other) => (share(other) > share(one) ? other : one));
  const fields = best.flatMap((name) => findField(format, name) ?? []);
  return {
    layout: {
      ...blank(format),
      framing: { kind: 'delimited', delimiter, header: '' },
      columns: best,
      namedBy: 'configured',
      checked: patternedFields(fields),
    },
    confidence: 1,
    doubts: [],
  };
}

/** Fields of the columns; an unknown one may hold anything. */
function fieldsOf(format: Format, columns: readonly string[]): Field[] {
  return columns.map((name) => findField(format, name) ?? { name, type: 'text' });
}

function headerNeed({ headerless }: Format): number {
  return headerless === 'subset' ? 0 : 1;
}

function inTableOrder(format: Format, columns: readonly string[]): string[] {
  const position = (name: string) => {
    const field = findField(format, name);
    return field ? format.fields.indexOf(field) : format.fields.length;
  };
  return [...columns].sort((one, other) => position(one) - position(other));
}

/**
 * Fields whose pattern matches nearly every sample row: masked or odd values must not reject every line. One odd value
 * of a field is damage, and so is a row in which several values are odd, or a value with a control character or a
 * quote: they say nothing about their columns.
 */
function checkable(fields: readonly Field[], rows: readonly (readonly string[])[]): string[] {
  const likely = fields.flatMap((field, place) => {
    if (field.pattern === undefined) return [];
    const isOdd = rows.map((row) => isWhole(row[place] ?? '') && !fits(field, row[place] ?? ''));
    return isOdd.filter(Boolean).length < rows.length * 0.5 ? [{ name: field.name, isOdd }] : [];
  });
  const whole = [...rows.keys()].filter((row) => likely.filter(({ isOdd }) => isOdd[row]).length < 2);
  const mostOdd = Math.max(1, whole.length * 0.05);
  return likely
    .filter(({ isOdd }) => whole.length > 0 && whole.filter((row) => isOdd[row]).length <= mostOdd)
    .map(({ name }) => name);
}

/** Whether nothing shows that the value is damaged. */
function isWhole(value: string): boolean {
  return !/[\p{Cc}"]/u.test(value);
}

function named(format: Format, framing: Framing, columns: readonly string[]): Detection {
  const layout = { ...blank(format), framing, columns, checked: patternedFields(format.fields) };
  return { layout, confidence: 1, doubts: [] };
}

function blank(format: Format): Layout {
  return {
    format,
    framing: { kind: 'delimited', delimiter: '\t', header: '' },
    columns: [],
    namedBy: 'header',
    checked: [],
    encodedTwice: false,
    samplingRate: 100,
  };
}

/** The rows of the most frequent width; the others are broken or foreign lines. */
function commonWidth(rows: readonly (readonly string[])[]): readonly (readonly string[])[] {
  const counts = new Map<number, number>();
  for (const { length } of rows) counts.set(length, (counts.get(length) ?? 0) + 1);
  const [width] = [...counts].sort((one, other) => other[1] - one[1])[0] ?? [0];
  return rows.filter(({ length }) => length === width);
}
