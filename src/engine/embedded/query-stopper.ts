import { quoteString } from '../bound-parameter.ts';
import { cancelled } from '../engine-error.ts';
import type { ChdbSession } from './chdb-session.ts';

const retryMs = 50;

/**
 * Stops statements of other sessions from one of its own. The binding cannot interrupt a statement (its abort only
 * stops waiting), the engine's `KILL QUERY` can.
 */
export class QueryStopper {
  readonly #control: ChdbSession;
  #tail: Promise<unknown> = Promise.resolve();

  constructor(control: ChdbSession) {
    this.#control = control;
  }

  /** Tells the engine to stop what a session runs; the statement ends soon after with `TAILRACE_QUERY_CANCELLED`. */
  stop(session: ChdbSession): Promise<unknown> {
    const sql = `KILL QUERY WHERE Settings['log_comment'] = ${quoteString(session.tag)} ASYNC`;
    this.#tail = this.#tail.then(() => this.#control.execute(sql)).catch(() => undefined);
    return this.#tail;
  }

  /**
   * Runs `work` on a session and stops it when the signal aborts, again and again until it ended: the first time may
   * come before the engine has begun.
   */
  async guard<T>(session: ChdbSession, signal: AbortSignal | undefined, work: () => Promise<T>): Promise<T> {
    if (signal === undefined) return work();
    if (signal.aborted) throw cancelled(signal.reason);
    let timer: NodeJS.Timeout | undefined;
    const stop = () => {
      void this.stop(session);
      timer = setInterval(() => void this.stop(session), retryMs);
    };
    signal.addEventListener('abort', stop, { once: true });
    try {
      return await work();
    } catch (error) {
      throw signal.aborted ? cancelled(signal.reason) : error;
    } finally {
      signal.removeEventListener('abort', stop);
      clearInterval(timer);
      // A stop that is still under way must not hit the next statement of this session.
      if (timer !== undefined) await this.#tail;
    }
  }

  async close(): Promise<void> {
    await this.#tail;
    this.#control.close();
  }
}
