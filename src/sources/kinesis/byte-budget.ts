interface Waiting {
  readonly bytes: number;
  readonly start: () => void;
}

/** So many bytes may be held at once by all shards together; a shard that wants more waits, first come first served. */
export class ByteBudget {
  readonly #maxBytes: number;
  readonly #waiting: Waiting[] = [];
  #used = 0;

  constructor(maxBytes: number) {
    this.#maxBytes = maxBytes;
  }

  /**
   * Waits until there is room; more than there ever is waits for all of it.
   * @throws the signal's reason
   */
  async take(bytes: number, signal: AbortSignal): Promise<void> {
    signal.throwIfAborted();
    if (this.#waiting.length === 0 && this.#fits(bytes)) this.#used += bytes;
    else await this.#wait(bytes, signal);
  }

  /** @param bytes fewer than 0 when more came than was taken for */
  give(bytes: number): void {
    this.#used -= bytes;
    for (let next = this.#waiting[0]; next && this.#fits(next.bytes); next = this.#waiting[0]) {
      this.#waiting.shift();
      this.#used += next.bytes;
      next.start();
    }
  }

  #fits(bytes: number): boolean {
    return this.#used <= 0 || this.#used + bytes <= this.#maxBytes;
  }

  #wait(bytes: number, signal: AbortSignal): Promise<void> {
    return new Promise((resolve, reject) => {
      const giveUp = () => {
        this.#waiting.splice(this.#waiting.indexOf(entry), 1);
        this.give(0);
        reject(signal.reason);
      };
      const start = () => {
        signal.removeEventListener('abort', giveUp);
        resolve();
      };
      const entry = { bytes, start };
      signal.addEventListener('abort', giveUp, { once: true });
      this.#waiting.push(entry);
    });
  }
}
