/** Reads a stream of chunks in portions of any size. */
export class ByteReader {
  readonly #pieces: AsyncIterator<Uint8Array>;
  #piece: Uint8Array = new Uint8Array(0);

  constructor(source: AsyncIterable<Uint8Array>) {
    this.#pieces = source[Symbol.asyncIterator]();
  }

  /** Whether the stream has ended. */
  async isAtEnd(): Promise<boolean> {
    while (this.#piece.length === 0) {
      const { done, value } = await this.#pieces.next();
      if (done) return true;
      this.#piece = value;
    }
    return false;
  }

  /** @returns this many bytes, as a copy. @throws Error when there are fewer */
  async take(length: number): Promise<Buffer> {
    const taken = Buffer.allocUnsafe(length);
    let filled = 0;
    while (filled < length) {
      const part = await this.#next(length - filled);
      taken.set(part, filled);
      filled += part.length;
    }
    return taken;
  }

  /** @throws Error when there are fewer bytes */
  async skip(length: number): Promise<void> {
    for (let left = length; left > 0; ) left -= (await this.#next(left)).length;
  }

  /** Ends the stream. */
  async close(): Promise<void> {
    await this.#pieces.return?.();
  }

  async #next(most: number): Promise<Uint8Array> {
    if (await this.isAtEnd()) throw new Error('unexpected end of data');
    const part = this.#piece.subarray(0, most);
    this.#piece = this.#piece.subarray(part.length);
    return part;
  }
}
