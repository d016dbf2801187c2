import { createHash } from 'node:crypto';
import { serialize } from 'node:v8';
import { EngineError } from '../engine-error.ts';

const refusedMs = 600_000;
const mostKept = 1_000;
/** How long all questions are held after the second, third, … kill of the engine within ten minutes. */
const heldMs = [0, 30_000, 60_000, 120_000, 240_000];

/**
 * Questions for which the engine's process had to be killed. They are refused for a while: repeating one
 * would restart the engine all the time, and nothing would be stored meanwhile. A question can be rewritten in many
 * ways, so from the second kill on all questions are held, longer each time.
 */
export class UnstoppableQuestions {
  /** Time of the kill, by hash of the question; oldest first. */
  readonly #killedAtMs = new Map<string, number>();
  /** Times of the engine's kills, for any question; oldest first. */
  #killsMs: number[] = [];

  remember(question: object): void {
    const now = Date.now();
    const key = keyOf(question);
    this.#killedAtMs.delete(key);
    this.#killedAtMs.set(key, now);
    const [oldest] = this.#killedAtMs.keys();
    if (this.#killedAtMs.size > mostKept && oldest !== undefined) this.#killedAtMs.delete(oldest);
    this.#killsMs = [...this.#killsMs.filter((at) => now - at < refusedMs), now].slice(-heldMs.length);
  }

  /** @throws EngineError `TAILRACE_QUERY_LIMIT`; `TAILRACE_STORE_UNAVAILABLE` while all questions are held */
  check(question: object): void {
    const now = Date.now();
    const killedAtMs = this.#killedAtMs.get(keyOf(question));
    if (killedAtMs !== undefined && now - killedAtMs < refusedMs) {
      throw new EngineError(
        'TAILRACE_QUERY_LIMIT',
        'cannot run the query: it could not be stopped when it was last asked, and the engine was started again; ' +
          `ask it of less data, or as it is ${refusedMs / 60_000} minutes later`,
      );
    }
    const kills = this.#killsMs.filter((at) => now - at < refusedMs);
    const leftMs = (kills.at(-1) ?? 0) + (heldMs[kills.length - 1] ?? 0) - now;
    if (leftMs <= 0) return;
    throw new EngineError(
      'TAILRACE_STORE_UNAVAILABLE',
      `cannot run the query: the engine was started again ${kills.length} times for questions that could not be stopped, ` +
        `and stores logs alone for a while; ask again in ${Math.ceil(leftMs / 1000)} seconds`,
      { retryable: true },
    );
  }
}

function keyOf(question: object): string {
  return createHash('sha256').update(serialize(question)).digest('base64');
}
