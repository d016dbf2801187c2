import { formats } from '../formats/catalog.ts';
import { type Field, type Format, findField } from '../formats/format.ts';

/** Formats with user-chosen columns, which a header names or the values reveal. */
export const selectable = formats.filter(({ headerless }) => headerless !== 'whole');

/** Formats other than keyed ones: there a name alone proves nothing, because users choose the keys. */
export const columnar = formats.filter(({ framing }) => framing?.kind !== 'keyed');

/**
 * The format that knows most of the names, if it knows enough of them. Ties go to the one with the exact spelling:
 * `cs-host` is the viewer's host in real-time logs, and `cs(Host)` the distribution's in standard logs.
 */
export function bestFormat(columns: readonly string[], candidates: readonly Format[] = selectable): Format | undefined {
  const score = (format: Format) => knownShare(format, columns) + spelledShare(format, columns) / 1000;
  const [best] = candidates
    .filter((format) => hasMark(format, columns))
    .sort((one, other) => score(other) - score(one));
  return best && columns.length >= 2 && knownShare(best, columns) >= 0.5 ? best : undefined;
}

function hasMark(format: Format, columns: readonly string[]): boolean {
  const marks = format.marks?.map((name) => findField(format, name));
  return !marks || columns.some((name) => marks.includes(findField(format, name) ?? unknownField));
}

const unknownField: Field = { name: '', type: 'text' };

function spelledShare(format: Format, columns: readonly string[]): number {
  return columns.filter((column) => findField(format, column)?.name === column).length / columns.length;
}

export function knownShare(format: Format, columns: readonly string[]): number {
  return columns.filter((name) => findField(format, name)).length / columns.length;
}
