import type { ChdbSession } from './chdb-session.ts';

const retryMs = 50;

/**
 * Stops statements of other sessions from one of its own. The binding cannot interrupt a statement (its abort only
 * stops waiting), the engine's `KILL QUERY` can, where the statement looks for it.
 */
export class QueryStopper {
  readonly #control: ChdbSession;
  #tail: Promise<unknown> = Promise.resolve();

  constructor(control: ChdbSession) {
    this.#control = control;
  }

  /**
   * Runs `work` on a session and stops it when the signal aborts, again and again until it ended: the first time may
   * come before the engine has begun.
   */
  async guard<T>(session: ChdbSession, signal: AbortSignal, work: () => Promise<T>): Promise<T> {
    signal.throwIfAborted();
    let timer: NodeJS.Timeout | undefined;
    const stop = () => {
      this.#stop(session);
      timer = setInterval(() => this.#stop(session), retryMs);
    };
    signal.addEventListener('abort', stop, { once: true });
    try {
      return await work();
    } finally {
      signal.removeEventListener('abort', stop);
      clearInterval(timer);
      // A stop that is still under way must not hit the next statement of this session.
      if (timer !== undefined) await this.#tail;
    }
  }

  #stop({ tag }: ChdbSession): void {
    const sql = `KILL QUERY WHERE Settings['log_comment'] = '${tag}' ASYNC`;
    this.#tail = this.#tail.then(() => this.#control.execute(sql)).catch(() => undefined);
  }
}
