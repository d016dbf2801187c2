/** Cuts a stream of lines into consecutive parts with known numbers of lines. */
export class LineCutter {
  readonly #chunks: AsyncIterator<Uint8Array>;
  /** What has come and is not taken. */
  #rest: Uint8Array = Buffer.alloc(0);

  constructor(lines: AsyncIterable<Uint8Array>) {
    this.#chunks = lines[Symbol.asyncIterator]();
  }

  /** The next lines. Must be read to its end before the next call. @throws Error when there are fewer */
  async *take(count: number): AsyncGenerator<Uint8Array> {
    for (let left = count; left > 0; ) {
      let end = 0;
      for (let at = this.#rest.indexOf(10); at !== -1 && left > 0; at = this.#rest.indexOf(10, end)) {
        end = at + 1;
        left--;
      }
      const taken = left > 0 ? this.#rest : this.#rest.subarray(0, end);
      this.#rest = this.#rest.subarray(taken.length);
      if (taken.length > 0) yield taken;
      if (left === 0) return;
      const next = await this.#chunks.next();
      if (next.done) throw new Error('there are fewer rows than were counted');
      this.#rest = next.value;
    }
  }

  /** @throws Error when there are further lines */
  async finish(): Promise<void> {
    if (this.#rest.length > 0 || !(await this.#chunks.next()).done) {
      throw new Error('there are more rows than were counted');
    }
  }

  /** Ends the stream, wherever it is. */
  async close(): Promise<void> {
    await this.#chunks.return?.();
  }
}
