import { createHash } from 'node:crypto';
import { EngineError } from '../engine-error.ts';
import { readSqlTokens } from '../sql-tokens.ts';

const refusedMs = 600_000;
const mostKept = 1_000;
/** While questions are held, logs are stored for at least so many times as long as the restart has kept them from it. */
const heldFactor = 2;
const shortestHoldMs = 30_000;
const longestHoldMs = 480_000;

/**
 * Questions for which the engine's process had to be killed. Nothing is stored from the time such a question takes the
 * processors until the engine runs again, so each costs the others something, which is bounded in two ways:
 * its shape (the statement without its values) is refused for ten minutes; and because a question can be written in many
 * ways, all questions are held after a restart, as long as the restart has cost, twice over, and twice as long after
 * each further one within ten minutes.
 */
export class UnstoppableQuestions {
  /** Time of the kill, by shape of the question; oldest first. */
  readonly #killedAtMs = new Map<string, number>();
  /** When the engine was last killed for questions, again and again; oldest first. */
  #restartsMs: number[] = [];
  /** When the first of the questions began for which the engine is being restarted. */
  #lostSinceMs: number | undefined;
  #heldUntilMs = 0;

  /**
   * Must be called before the engine is killed.
   *
   * @param startedMs when the question began
   * @param sql the judged statement; absent when it could not even be judged
   */
  killed(startedMs: number, sql?: string): void {
    const now = Date.now();
    this.#lostSinceMs = Math.min(this.#lostSinceMs ?? startedMs, startedMs);
    if (sql === undefined) return;
    const shape = shapeOf(sql);
    this.#killedAtMs.delete(shape);
    this.#killedAtMs.set(shape, now);
    const [oldest] = this.#killedAtMs.keys();
    if (this.#killedAtMs.size > mostKept && oldest !== undefined) this.#killedAtMs.delete(oldest);
  }

  /** Must be called when the engine runs again, whatever it was restarted for. */
  restarted(): void {
    if (this.#lostSinceMs === undefined) return;
    const now = Date.now();
    this.#restartsMs = [...this.#restartsMs.filter((at) => now - at < refusedMs), now];
    const lostMs = now - this.#lostSinceMs;
    const heldMs = Math.max(shortestHoldMs, heldFactor * lostMs) * 2 ** (this.#restartsMs.length - 1);
    this.#heldUntilMs = now + Math.min(heldMs, longestHoldMs);
    this.#lostSinceMs = undefined;
  }

  /** @throws EngineError `TAILRACE_STORE_UNAVAILABLE`, retryable, while all questions are held */
  checkHold(): void {
    const leftMs = this.#lostSinceMs === undefined ? this.#heldUntilMs - Date.now() : shortestHoldMs;
    if (leftMs <= 0) return;
    const retryAfterSeconds = Math.ceil(leftMs / 1000);
    throw new EngineError(
      'TAILRACE_STORE_UNAVAILABLE',
      'cannot run the query: the engine was started again for a question that could not be stopped, and stores logs ' +
        `alone for a while; ask again in ${retryAfterSeconds} seconds`,
      { retryable: true, retryAfterSeconds },
    );
  }

  /** @throws EngineError `TAILRACE_QUERY_LIMIT`; as {@link checkHold} */
  check(sql: string): void {
    const killedAtMs = this.#killedAtMs.get(shapeOf(sql));
    if (killedAtMs !== undefined && Date.now() - killedAtMs < refusedMs) {
      throw new EngineError(
        'TAILRACE_QUERY_LIMIT',
        'cannot run the query: one like it could not be stopped when it was last asked, and the engine was started ' +
          `again; write it in another way, or ask it ${refusedMs / 60_000} minutes later`,
      );
    }
    this.checkHold();
  }
}

/** Hash of a statement without its values; lists of values count as one. */
function shapeOf(sql: string): string {
  const words = readSqlTokens(sql).map(({ kind, text }) => (kind === 'string' || kind === 'number' ? '?' : text));
  const shape = words.join(' ').replaceAll(/\?(?: , \?)+/g, '?');
  return createHash('sha256').update(shape).digest('base64');
}
