const smallestBlockBytes = 16 * 1024;
const largestBlockBytes = 1024 * 1024;
const newline = 0x0a;

/**
 * Collects bytes by copying them into blocks that grow up to 1 MiB. A body may come in pieces of one byte, each of which
 * would take a hundred bytes of memory if it were kept.
 */
export class ByteBlocks {
  #full: Uint8Array[] = [];
  #block = new Uint8Array(0);
  #used = 0;
  #length = 0;

  get length(): number {
    return this.#length;
  }

  append(bytes: Uint8Array): void {
    this.#length += bytes.length;
    for (let at = 0; at < bytes.length; ) {
      if (this.#used === this.#block.length) this.#grow();
      const piece = bytes.subarray(at, at + this.#block.length - this.#used);
      this.#block.set(piece, this.#used);
      this.#used += piece.length;
      at += piece.length;
    }
  }

  /** Terminates the last line if it has no newline. */
  endLine(): void {
    if (this.#length > 0 && this.#block[this.#used - 1] !== newline) this.append(Uint8Array.of(newline));
  }

  /** Views of the collected bytes; nothing may be appended afterwards. */
  chunks(): Uint8Array[] {
    return this.#length === 0 ? [] : [...this.#full, this.#block.subarray(0, this.#used)];
  }

  /** Moves the collected bytes into one buffer and empties the blocks. */
  join(): Buffer {
    const joined = Buffer.concat(this.chunks(), this.#length);
    this.#full = [];
    this.#block = new Uint8Array(0);
    this.#used = 0;
    this.#length = 0;
    return joined;
  }

  #grow(): void {
    if (this.#used > 0) this.#full.push(this.#block);
    this.#block = new Uint8Array(Math.min(largestBlockBytes, Math.max(smallestBlockBytes, this.#length)));
    this.#used = 0;
  }
}

/** Reads to the end. */
export async function collect(pieces: AsyncIterable<Uint8Array>): Promise<ByteBlocks> {
  const blocks = new ByteBlocks();
  for await (const piece of pieces) blocks.append(piece);
  return blocks;
}
