import type { Field } from '../formats/format.ts';
import { fitShare } from './align-columns.ts';
import { splitValues } from './split-values.ts';

export const usualDelimiters: readonly string[] = ['\t', ',', ';', '|', ' '];

/**
 * The delimiter of lines whose columns are known.
 * @returns `undefined` when no delimiter gives as many values as there are columns
 */
export function findDelimiter(lines: readonly string[], columns: readonly Field[]): string | undefined {
  const sample = lines.slice(0, sampleLines);
  const hits = (delimiter: string) =>
    sample.filter((line) => splitValues(line, delimiter).length === columns.length).length;
  const [usual = '\t'] = [...usualDelimiters].sort((one, other) => hits(other) - hits(one));
  if (hits(usual) > sample.length / 2) return usual;
  return unusualDelimiter(sample, columns) ?? (hits(usual) > 0 ? usual : undefined);
}

const sampleLines = 50;

/**
 * v2 allows any delimiter of up to five characters: the longest text without letters and digits that splits
 * most lines into as many values as there are columns, if the values fit their fields. Nor does it contain the
 * replacement character of bytes that are not UTF-8.
 */
function unusualDelimiter(lines: readonly string[], columns: readonly Field[]): string | undefined {
  // One of the first may be damaged.
  const first = lines.slice(0, 3);
  for (let size = maxDelimiterLength; size > 0; size--) {
    const candidates = first.flatMap((line) => textsThatCut(line, size, columns.length - 1));
    for (const delimiter of new Set(candidates)) {
      const rows = lines.map((line) => line.split(delimiter)).filter(({ length }) => length === columns.length);
      if (rows.length > lines.length / 2 && fitShare(columns, rows) > 0.9) return delimiter;
    }
  }
  return undefined;
}

const maxDelimiterLength = 5;
/** Per length. A log line has a few; a hostile one has as many as characters. */
const maxCandidates = 20;

/** The first texts of this length that could be delimiters and occur this often in a line. */
function textsThatCut(line: string, size: number, times: number): string[] {
  const found = new Map<string, { count: number; end: number }>();
  for (let start = 0; start + size <= line.length; start++) {
    const text = line.slice(start, start + size);
    if (/[A-Za-z0-9\ufffd]/.test(text)) continue;
    const { count, end } = found.get(text) ?? { count: 0, end: 0 };
    // Overlapping occurrences split once.
    if (start >= end) found.set(text, { count: count + 1, end: start + size });
  }
  return [...found].flatMap(([text, { count }]) => (count === times ? [text] : [])).slice(0, maxCandidates);
}
