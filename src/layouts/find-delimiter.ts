import type { Field } from '../formats/format.ts';
import { fitShare } from './align-columns.ts';
import { splitValues } from './split-values.ts';

export const usualDelimiters: readonly string[] = ['\t', ',', ';', '|', ' '];

/**
 * What separates the values of lines whose columns are known.
 * @returns `undefined` when nothing cuts them into as many values as there are columns
 */
export function findDelimiter(lines: readonly string[], columns: readonly Field[]): string | undefined {
  const sample = lines.slice(0, sampleLines);
  return usualDelimiter(sample, columns.length) ?? unusualDelimiter(sample, columns);
}

const sampleLines = 50;

function usualDelimiter(lines: readonly string[], width: number): string | undefined {
  const hits = (delimiter: string) => lines.filter((line) => splitValues(line, delimiter).length === width).length;
  const [best] = [...usualDelimiters].sort((one, other) => hits(other) - hits(one));
  return best !== undefined && hits(best) > 0 ? best : undefined;
}

/**
 * v2 lets people choose any delimiter of up to five characters: the longest text without letters and digits that cuts
 * most lines into as many values as there are columns, provided that the values fit their fields. Nor does it have the
 * character that stands for bytes that are not UTF-8.
 */
function unusualDelimiter(lines: readonly string[], columns: readonly Field[]): string | undefined {
  const [first = ''] = lines;
  for (let size = 5; size > 0; size--) {
    for (let start = 0; start + size <= first.length; start++) {
      const delimiter = first.slice(start, start + size);
      if (/[A-Za-z0-9\ufffd]/.test(delimiter) || first.split(delimiter).length !== columns.length) continue;
      const rows = lines.map((line) => line.split(delimiter)).filter(({ length }) => length === columns.length);
      if (rows.length > lines.length / 2 && fitShare(columns, rows) > 0.9) return delimiter;
    }
  }
  return undefined;
}
