import type { ChdbSession } from './chdb-session.ts';

const retryMs = 50;

/**
 * Stops statements of other sessions from its own session. The binding cannot interrupt a statement (its abort only
 * stops waiting); the engine's `KILL QUERY` can, where the statement checks for it.
 */
export class QueryStopper {
  readonly #control: ChdbSession;
  #tail: Promise<unknown> = Promise.resolve();

  constructor(control: ChdbSession) {
    this.#control = control;
  }

  /**
   * Runs `work` on a session and stops it when the signal aborts, repeatedly until it has ended: the first stop may
   * come before the engine has started.
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
      // A stop in flight must not hit the next statement of this session.
      if (timer !== undefined) await this.#tail;
    }
  }

  #stop({ tag }: ChdbSession): void {
    const sql = `KILL QUERY WHERE Settings['log_comment'] = '${tag}' ASYNC`;
    this.#tail = this.#tail.then(() => this.#control.execute(sql)).catch(() => undefined);
  }
}
