import type { LiveWindow } from './live-window.ts';
import { isNumber, type ResultColumn } from './result-columns.ts';
import type { ResultRow } from './windows-source.ts';

export interface ShownRow {
  readonly row: ResultRow;
  /** What it was before the correction; absent where it was the same, or that is not known. */
  readonly before?: ResultRow;
  /** Whether only the correction brought it, or took it away. */
  readonly change?: 'new' | 'gone';
}

/** The rows of a window, and what a correction made of those before: rows with the same labels are the same. */
export function rowChanges({ rows, replaced }: LiveWindow, columns: readonly ResultColumn[]): readonly ShownRow[] {
  if (!replaced) return rows.map((row) => ({ row }));
  const labels = columns.filter((column) => !isNumber(column)).map(({ name }) => name);
  const earlier = new Map<string, ResultRow[]>();
  const keyOf = (row: ResultRow) => JSON.stringify(labels.map((name) => row[name]));
  for (const row of replaced.rows) earlier.set(keyOf(row), [...(earlier.get(keyOf(row)) ?? []), row]);
  const now = rows.map((row): ShownRow => {
    const before = earlier.get(keyOf(row))?.shift();
    return before ? { row, before } : { row, change: 'new' };
  });
  const gone = [...earlier.values()].flat().map((row): ShownRow => ({ row, change: 'gone' }));
  return [...now, ...gone];
}
