import { linearPattern } from '../text/linear-pattern.ts';
import { bestFormat, selectable } from './best-format.ts';
import { usualDelimiters } from './find-delimiter.ts';
import { splitValues } from './split-values.ts';

/** Index of the first `#Fields` line if no data precedes it, since such lines would have other columns; else -1. */
export function directivePlace(lines: readonly string[]): number {
  const at = lines.findIndex((line) => line.startsWith('#') && /^#Fields:?\s/.test(line));
  return lines.slice(0, at).some((line) => line !== '' && !line.startsWith('#') && !isTorn(line)) ? -1 : at;
}

/** Zeek's header names its columns too, none of which is a column of another log. */
export function hasOtherHeader(lines: readonly string[]): boolean {
  return lines.some((line) => line.startsWith('#fields\t'));
}

/** Lines above a `#Fields` line; those below it may have other columns. */
export function beforeDirective(lines: readonly string[]): string[] {
  const at = lines.findIndex((line) => line.startsWith('#Fields'));
  return lines.slice(0, at === -1 ? undefined : at).filter((line) => line !== '' && !line.startsWith('#'));
}

/** Many servers name their columns this way, some with the same names for other units. */
export function directiveFormat(columns: readonly string[], rows: readonly string[], software: string | undefined) {
  const candidates = selectable.filter(({ directive }) => {
    if (!directive) return true;
    if (software !== undefined && directive.software !== undefined) {
      return linearPattern(directive.software).test(software);
    }
    if (columns.some((name) => directive.names.includes(name))) return true;
    const { delimiter } = directive;
    const isSeparated = (row: string) =>
      delimiter !== undefined && splitValues(row, delimiter).length === columns.length;
    return software === undefined && rows.some(isSeparated);
  });
  return bestFormat(columns, candidates);
}

/** A line torn by a crash is too short to have the columns below it, so it proves nothing about them. */
function isTorn(line: string): boolean {
  return usualDelimiters.every((delimiter) => splitValues(line, delimiter).length < leastColumns);
}

/** Lines with fewer are hardly an access log. */
const leastColumns = 5;

/** The column names of a `#Fields` line, separated by blanks, in some files by tabs. */
export function directiveColumns(line: string): string[] {
  return line
    .replace(/^#Fields:?/, '')
    .trim()
    .split(/\s+/);
}
