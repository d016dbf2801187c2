import { askServer } from '../../test/process/ask-server.ts';
import { recordsPerCall } from './producer.ts';

/** Polls a running tailrace for the calls that are completely visible, and records when each first was. */
export class VisibleCalls {
  /** Number of the call → `performance.now()` when an answer first had all its records. */
  readonly seenMs = new Map<number, number>();
  readonly #url: () => string;
  readonly #windowSeconds: number;
  #isEnding = false;
  #running: Promise<void> | undefined;

  /**
   * @param url of a worker that currently answers
   * @param windowSeconds how far back it looks: longer than any call should take, but as short as possible
   */
  constructor(url: () => string, windowSeconds: number) {
    this.#url = url;
    this.#windowSeconds = windowSeconds;
  }

  start(): void {
    this.#running = this.#watch();
  }

  async stop(): Promise<void> {
    this.#isEnding = true;
    await this.#running;
  }

  async #watch(): Promise<void> {
    while (!this.#isEnding) {
      for (const number of await this.#wholeCalls().catch(() => [])) {
        if (!this.seenMs.has(number)) this.seenMs.set(number, performance.now());
      }
      await new Promise((resolve) => setTimeout(resolve, pollMs));
    }
  }

  async #wholeCalls(): Promise<number[]> {
    const rows = await askServer<{ number: number }>(
      this.#url(),
      `SELECT toUInt32(substring(path, 7)) AS number
       FROM requests WHERE time > now() - ${this.#windowSeconds} GROUP BY path HAVING count() >= ${recordsPerCall}`,
    );
    return rows.map(({ number }) => Number(number));
  }
}

const pollMs = 100;
