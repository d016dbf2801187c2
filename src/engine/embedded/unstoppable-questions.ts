import { createHash } from 'node:crypto';
import { serialize } from 'node:v8';
import { EngineError } from '../engine-error.ts';

const refusedMs = 600_000;
const mostKept = 1_000;
/** How long all questions wait after the second, third, … of the times that the engine was killed within ten minutes. */
const heldMs = [0, 30_000, 60_000, 120_000, 240_000];

/**
 * Questions for which the engine's process had to be killed. They are refused for a while: whoever asks one again and again
 * would have the engine start all the time, and nothing would be stored meanwhile. The same question can be written in many
 * ways, so all questions wait after the second time, the longer the more often it happens.
 */
export class UnstoppableQuestions {
  /** By hash of the question, when it was killed; oldest first. */
  readonly #killedAtMs = new Map<string, number>();
  /** When the engine was killed, for any question; oldest first. */
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

  /** @throws EngineError `TAILRACE_QUERY_LIMIT`; `TAILRACE_STORE_UNAVAILABLE` while all questions wait */
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
