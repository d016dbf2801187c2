/** Whole rows, each with its newline. */
export interface RowPart {
  readonly bytes: Buffer;
  readonly rows: number;
}

/**
 * Cuts lines into parts of at most so many bytes and rows; a line that is longer is a part of its own. The cuts depend on the
 * bytes alone, not on the pieces in which they come. Holds one part and one piece.
 */
export async function* cutRows(
  pieces: AsyncIterable<Uint8Array>,
  mostBytes: number,
  mostRows = Number.POSITIVE_INFINITY,
): AsyncGenerator<RowPart> {
  let waiting: Uint8Array[] = [];
  let length = 0;
  let rows = 0;
  for await (const piece of pieces) {
    waiting.push(piece);
    length += piece.length;
    rows += countRows(piece);
    if (length <= mostBytes && rows < mostRows) continue;
    let rest = Buffer.concat(waiting);
    while (rest.length > mostBytes || rows >= mostRows) {
      const part = firstPart(rest, mostBytes, mostRows);
      if (part.rows === 0) break;
      yield part;
      rest = rest.subarray(part.bytes.length);
      rows -= part.rows;
    }
    waiting = [rest];
    length = rest.length;
  }
  if (length > 0) yield { bytes: Buffer.concat(waiting), rows };
}

/** Two parts of about as many rows, of at least two. */
export function halve({ bytes, rows }: RowPart): readonly RowPart[] {
  const first = rows >> 1;
  let end = 0;
  for (let row = 0; row < first; row++) end = bytes.indexOf(newline, end) + 1;
  return [
    { bytes: bytes.subarray(0, end), rows: first },
    { bytes: bytes.subarray(end), rows: rows - first },
  ];
}

/** Some rows of a part, in its order. */
export function selectRows(part: RowPart, indexes: ReadonlySet<number>): RowPart {
  const selected = splitRows(part).filter((_, index) => indexes.has(index));
  return { bytes: Buffer.concat(selected), rows: selected.length };
}

/** The rows of a part, each with its newline. */
export function splitRows({ bytes }: RowPart): readonly Buffer[] {
  const rows: Buffer[] = [];
  for (let start = 0; start < bytes.length; ) {
    const end = bytes.indexOf(newline, start) + 1 || bytes.length;
    rows.push(bytes.subarray(start, end));
    start = end;
  }
  return rows;
}

const newline = 10;

/** Without rows while its only line has no end. */
function firstPart(bytes: Buffer, mostBytes: number, mostRows: number): RowPart {
  let end = 0;
  let rows = 0;
  while (rows < mostRows && end <= mostBytes) {
    const next = bytes.indexOf(newline, end) + 1;
    if (next === 0 || (next > mostBytes && rows > 0)) break;
    end = next;
    rows++;
  }
  return { bytes: bytes.subarray(0, end), rows };
}

function countRows(bytes: Uint8Array): number {
  let rows = 0;
  for (let at = bytes.indexOf(newline); at !== -1; at = bytes.indexOf(newline, at + 1)) rows++;
  return rows;
}
