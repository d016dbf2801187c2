import { maxLineBytes } from '../../schema/line-bound.ts';

const newline = 0x0a;

/**
 * Passes on the bytes of a stream and truncates too-long lines, which still count as such; holds nothing. Lines keep
 * their number and their newlines.
 */
export class LineCutter {
  /** The maximum length of a line plus one byte: a truncated line keeps this much, and so is still too long. */
  readonly #mostBytes: number;
  /** Bytes of the current line so far. */
  #length = 0;
  #hasCut = false;

  constructor(maxBytes = maxLineBytes) {
    this.#mostBytes = maxBytes + 1;
  }

  /** Whether anything was cut. */
  get hasCut(): boolean {
    return this.#hasCut;
  }

  /** @returns views of the chunk */
  push(chunk: Uint8Array): Uint8Array[] {
    const first = chunk.indexOf(newline);
    if (first !== -1 && this.#length + first < this.#mostBytes && chunk.length < this.#mostBytes) {
      // Lines within a chunk are shorter than the chunk.
      const rest = chunk.length - 1 - chunk.lastIndexOf(newline);
      this.#length = rest;
      return [chunk];
    }
    const parts: Uint8Array[] = [];
    for (let at = 0; at < chunk.length; ) {
      const end = chunk.indexOf(newline, at);
      const until = end === -1 ? chunk.length : end;
      const left = Math.max(0, this.#mostBytes - this.#length);
      if (until - at > left) this.#hasCut = true;
      parts.push(chunk.subarray(at, Math.min(until, at + left)));
      if (end !== -1) parts.push(chunk.subarray(end, end + 1));
      this.#length = end === -1 ? this.#length + until - at : 0;
      at = until + 1;
    }
    return parts.filter(({ length }) => length > 0);
  }
}

/** The same for chunks in memory. */
export function cutLines(chunks: readonly Uint8Array[]): readonly Uint8Array[] {
  const cutter = new LineCutter();
  const cut = chunks.flatMap((chunk) => cutter.push(chunk));
  return cutter.hasCut ? cut : chunks;
}
