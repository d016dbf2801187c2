interface Waiting {
  readonly amount: number;
  readonly start: () => void;
}

/** So much of something may be in use at once; who wants more waits, first come first served. */
export class Allowance {
  private readonly most: number;
  private readonly waiting: Waiting[] = [];
  private used = 0;

  constructor(most: number) {
    this.most = most;
  }

  /**
   * Waits until there is room; more than there ever is counts as all of it.
   * @returns gives it back
   * @throws the signal's reason
   */
  async take(amount: number, signal: AbortSignal): Promise<() => void> {
    const share = Math.min(amount, this.most);
    signal.throwIfAborted();
    if (this.waiting.length > 0 || this.used + share > this.most) await this.wait(share, signal);
    else this.used += share;
    return () => {
      this.used -= share;
      this.admit();
    };
  }

  private wait(amount: number, signal: AbortSignal): Promise<void> {
    return new Promise((resolve, reject) => {
      const giveUp = () => {
        this.waiting.splice(this.waiting.indexOf(entry), 1);
        reject(signal.reason);
        this.admit();
      };
      const start = () => {
        signal.removeEventListener('abort', giveUp);
        resolve();
      };
      const entry = { amount, start };
      signal.addEventListener('abort', giveUp, { once: true });
      this.waiting.push(entry);
    });
  }

  private admit(): void {
    for (let next = this.waiting[0]; next && this.used + next.amount <= this.most; next = this.waiting[0]) {
      this.waiting.shift();
      this.used += next.amount;
      next.start();
    }
  }
}
