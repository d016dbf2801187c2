/**
 * The binding writes each chunk of a streamed result as a document of its own, with its own header. Only formats whose
 * documents can be joined may be streamed; the others are written as a whole.
 *
 * | format | joined by |
 * |---|---|
 * | rows without a header | writing one after the other |
 * | rows with names | leaving out the header of every chunk but the first |
 */
export function isJoinable(format: string): boolean {
  return headerless.has(format) || headers.has(format);
}

const headerless = new Set([
  'CSV',
  'JSONEachRow',
  'JSONCompactEachRow',
  'TSV',
  'TSVRaw',
  'TabSeparated',
  'TabSeparatedRaw',
]);

/** Length of the header at the beginning of a document. In TSV a newline ends it; in CSV one outside of quotes. */
const headers = new Map<string, (bytes: Uint8Array) => number>([
  ['TSVWithNames', endOfLine],
  ['TabSeparatedWithNames', endOfLine],
  ['CSVWithNames', endOfCsvLine],
]);

const newline = 0x0a;
const quote = 0x22;

function endOfLine(bytes: Uint8Array): number {
  return bytes.indexOf(newline) + 1;
}

function endOfCsvLine(bytes: Uint8Array): number {
  let quoted = false;
  for (let i = 0; i < bytes.length; i++) {
    if (bytes[i] === quote) quoted = !quoted;
    else if (bytes[i] === newline && !quoted) return i + 1;
  }
  return bytes.length;
}

/** Joins chunks into one document. */
export async function* joinChunks(chunks: AsyncIterable<Uint8Array>, format: string): AsyncGenerator<Uint8Array> {
  const headerLength = headers.get(format);
  let first = true;
  for await (const chunk of chunks) {
    const bytes = first || headerLength === undefined ? chunk : chunk.subarray(headerLength(chunk));
    first = false;
    if (bytes.length > 0) yield bytes;
  }
}

const sliceBytes = 256 * 1024;

/** A whole document in pieces, so that a slow reader need not take it at once. */
export function* sliceBuffer(bytes: Uint8Array): Generator<Uint8Array> {
  for (let at = 0; at < bytes.length; at += sliceBytes) yield bytes.subarray(at, at + sliceBytes);
}
