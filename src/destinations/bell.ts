/** Wakes the one who waits, or who will wait next. */
export class Bell {
  #hasRung = false;
  #wake = () => {};

  ring(): void {
    this.#hasRung = true;
    this.#wake();
  }

  /** Waits until it rings, the signal aborts, or the time is over. Returns at once if it rang since the last call. */
  async rung(mostMs: number, signal: AbortSignal): Promise<void> {
    if (!this.#hasRung && !signal.aborted) {
      let timer: NodeJS.Timeout | undefined;
      await new Promise<void>((resolve) => {
        this.#wake = resolve;
        signal.addEventListener('abort', this.#wake, { once: true });
        timer = setTimeout(resolve, mostMs);
      });
      clearTimeout(timer);
      signal.removeEventListener('abort', this.#wake);
    }
    this.#hasRung = false;
  }
}
