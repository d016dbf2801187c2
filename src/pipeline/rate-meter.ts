const windowSeconds = 10;

/** Growth rate of a counter over the last ten seconds. */
export class RateMeter {
  readonly #samples: number[] = [];
  #timer: NodeJS.Timeout | undefined;

  watch(read: () => number): void {
    this.stop();
    this.#samples.push(read());
    this.#timer = setInterval(() => {
      this.#samples.push(read());
      if (this.#samples.length > windowSeconds + 1) this.#samples.shift();
    }, 1000).unref();
  }

  perSecond(): number {
    const seconds = this.#samples.length - 1;
    if (seconds < 1) return 0;
    return ((this.#samples.at(-1) ?? 0) - (this.#samples[0] ?? 0)) / seconds;
  }

  stop(): void {
    clearInterval(this.#timer);
    this.#samples.length = 0;
  }
}
