interface Waiting {
  readonly amount: number;
  readonly start: () => void;
}

/** Limits how much of something (bytes, downloads) is in use at once; callers wait in FIFO order. */
export class Allowance {
  readonly #most: number;
  readonly #waiting: Waiting[] = [];
  #used = 0;

  constructor(most: number) {
    this.#most = most;
  }

  /**
   * Waits until there is room; an amount above the limit waits until all of it is free.
   * @throws the signal's reason
   */
  async take(amount: number, signal: AbortSignal): Promise<void> {
    signal.throwIfAborted();
    if (this.#waiting.length === 0 && this.#fits(amount)) this.#used += amount;
    else await this.#wait(amount, signal);
  }

  /** @param amount negative when more arrived than was reserved */
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
