import type { Layout } from '../layouts/layout.ts';
import type { InspectedFile } from '../sources/files/inspect-file.ts';

/** A file that is going to be stored, and how. */
export interface FileInput {
  readonly file: Omit<InspectedFile, 'sample'>;
  readonly layout: Layout;
  /** 0-based line from which on it is stored; above 0 for a file that grew since it was last read. */
  readonly fromLine: number;
}

/** What became of the lines of one or more files: lines = rows + rejected + comments. */
export interface Books {
  readonly lines: number;
  readonly rows: number;
  readonly rejected: number;
  readonly comments: number;
}

export const emptyBooks: Books = { lines: 0, rows: 0, rejected: 0, comments: 0 };

export function addBooks(one: Books, other: Books): Books {
  return {
    lines: one.lines + other.lines,
    rows: one.rows + other.rows,
    rejected: one.rejected + other.rejected,
    comments: one.comments + other.comments,
  };
}
