/** Whole rows, each with its newline. */
export interface RowPart {
  readonly bytes: Buffer;
  readonly rows: number;
}

/**
 * Cuts lines into parts of at most so many bytes; a line that is longer is a part of its own. The cuts depend on the bytes
 * alone, not on the pieces in which they come. Holds one part and one piece.
 */
export async function* cutRows(pieces: AsyncIterable<Uint8Array>, mostBytes: number): AsyncGenerator<RowPart> {
  let waiting: Uint8Array[] = [];
  let length = 0;
  for await (const piece of pieces) {
    waiting.push(piece);
    length += piece.length;
    if (length <= mostBytes) continue;
    let rest = Buffer.concat(waiting);
    while (rest.length > mostBytes) {
      const end = endOfPart(rest, mostBytes);
      if (end === 0) break;
      yield partOf(rest.subarray(0, end));
      rest = rest.subarray(end);
    }
    waiting = [rest];
    length = rest.length;
  }
  if (length > 0) yield partOf(Buffer.concat(waiting));
}

/** Two parts of about as many rows, of at least two. */
export function halve({ bytes, rows }: RowPart): readonly RowPart[] {
  let end = 0;
  for (let row = 0; row < rows >> 1; row++) end = bytes.indexOf(newline, end) + 1;
  return [partOf(bytes.subarray(0, end)), partOf(bytes.subarray(end))];
}

const newline = 10;

/** 0 while its only line has no end. */
function endOfPart(bytes: Buffer, mostBytes: number): number {
  return bytes.lastIndexOf(newline, mostBytes - 1) + 1 || bytes.indexOf(newline, mostBytes) + 1;
}

function partOf(bytes: Buffer): RowPart {
  let rows = 0;
  for (let at = bytes.indexOf(newline); at !== -1; at = bytes.indexOf(newline, at + 1)) rows++;
  return { bytes, rows };
}
