import { setMaxListeners } from 'node:events';

export type ShardTask = (signal: AbortSignal) => Promise<void>;

/** The shards that are being read, at most one task each. */
export class ShardTasks {
  readonly #stopping = new AbortController();
  readonly #running = new Map<string, Promise<void>>();
  #failure: { readonly error: unknown } | undefined;
  #changed = false;
  #wake: () => void = () => {};

  constructor() {
    setMaxListeners(0, this.#stopping.signal);
  }

  has(shardId: string): boolean {
    return this.#running.has(shardId);
  }

  start(shardId: string, task: ShardTask): void {
    const { signal } = this.#stopping;
    const running = task(signal)
      .catch((error) => {
        // An error after the stop signal is caused by the stop.
        if (!signal.aborted) this.#failure ??= { error };
      })
      .finally(() => {
        this.#running.delete(shardId);
        this.#change();
      });
    this.#running.set(shardId, running);
  }

  /**
   * Waits until a task has ended, the time is over or the signal aborts.
   * @throws what the first task threw
   */
  async change(timeoutMs: number, signal: AbortSignal): Promise<void> {
    const timer = setTimeout(() => this.#change(), timeoutMs);
    const giveUp = () => this.#change();
    signal.addEventListener('abort', giveUp, { once: true });
    while (!this.#changed && !signal.aborted) {
      await new Promise<void>((resolve) => {
        this.#wake = resolve;
      });
    }
    this.#changed = false;
    clearTimeout(timer);
    signal.removeEventListener('abort', giveUp);
    if (this.#failure) throw this.#failure.error;
  }

  /** Stops every task, and waits until its work in flight has finished. */
  async stop(reason: unknown): Promise<void> {
    this.#stopping.abort(reason);
    await Promise.all(this.#running.values());
  }

  #change(): void {
    this.#changed = true;
    this.#wake();
  }
}
