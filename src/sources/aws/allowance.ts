interface Waiting {
  readonly amount: number;
  readonly start: () => void;
}

/** So much of something (bytes, downloads) may be in use at once; who wants more waits, first come first served. */
export class Allowance {
  readonly #most: number;
  readonly #waiting: Waiting[] = [];
  #used = 0;

  constructor(most: number) {
    this.#most = most;
  }

  /**
   * Waits until there is room; more than there ever is waits for all of it.
   * @throws the signal's reason
   */
  async take(amount: number, signal: AbortSignal): Promise<void> {
    signal.throwIfAborted();
    if (this.#waiting.length === 0 && this.#fits(amount)) this.#used += amount;
    else await this.#wait(amount, signal);
  }

  /** @param amount less than 0 when more came than was taken for */
  give(amount: number): void {
    this.#used -= amount;
    for (let next = this.#waiting[0]; next && this.#fits(next.amount); next = this.#waiting[0]) {
      this.#waiting.shift();
      this.#used += next.amount;
      next.start();
    }
  }

  #fits(amount: number): boolean {
    return this.#used <= 0 || this.#used + amount <= this.#most;
  }

  #wait(amount: number, signal: AbortSignal): Promise<void> {
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
      const entry = { amount, start };
      signal.addEventListener('abort', giveUp, { once: true });
      this.#waiting.push(entry);
    });
  }
}
