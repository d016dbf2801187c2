/** Outcome of the lines of one or more files: lines = rows + rejected + comments + excluded. */
export interface Books {
  readonly lines: number;
  readonly rows: number;
  readonly rejected: number;
  readonly comments: number;
  readonly excluded: number;
}

export const emptyBooks: Books = { lines: 0, rows: 0, rejected: 0, comments: 0, excluded: 0 };

export function addBooks(one: Books, other: Books): Books {
  return {
    lines: one.lines + other.lines,
    rows: one.rows + other.rows,
    rejected: one.rejected + other.rejected,
    comments: one.comments + other.comments,
    excluded: one.excluded + other.excluded,
  };
}
