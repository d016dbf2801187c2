/**
 * How many requests are on their way at once: halved when the receiver pushes back, one more after as many successes as there
 * may be requests.
 */
export class Pace {
  readonly #most: number;
  #limit: number;
  #successes = 0;
  #round = 0;

  constructor(most: number) {
    this.#most = most;
    this.#limit = Math.min(2, most);
  }

  get limit(): number {
    return this.#limit;
  }

  /** @returns what to pass with the outcome of a request that begins now */
  begin(): number {
    return this.#round;
  }

  succeeded(): void {
    this.#successes++;
    if (this.#successes < this.#limit) return;
    this.#successes = 0;
    this.#limit = Math.min(this.#most, this.#limit + 1);
  }

  /** Requests that began before the last time say nothing about the pace since. */
  pushedBack(round: number): void {
    if (round !== this.#round) return;
    this.#round++;
    this.#successes = 0;
    this.#limit = Math.max(1, Math.floor(this.#limit / 2));
  }
}
