import { createHash } from 'node:crypto';
import { serialize } from 'node:v8';
import { EngineError } from '../engine-error.ts';

const refusedMs = 600_000;
const mostKept = 1_000;

/**
 * Questions for which the engine's process had to be killed. They are refused for a while: whoever asks one again and again
 * would have the engine start all the time, and nothing would be stored meanwhile.
 */
export class UnstoppableQuestions {
  /** By hash of the question, when it was killed; oldest first. */
  readonly #killedAtMs = new Map<string, number>();

  remember(question: object): void {
    const key = keyOf(question);
    this.#killedAtMs.delete(key);
    this.#killedAtMs.set(key, Date.now());
    const [oldest] = this.#killedAtMs.keys();
    if (this.#killedAtMs.size > mostKept && oldest !== undefined) this.#killedAtMs.delete(oldest);
  }

  /** @throws EngineError `TAILRACE_QUERY_LIMIT` */
  check(question: object): void {
    const killedAtMs = this.#killedAtMs.get(keyOf(question));
    if (killedAtMs === undefined || Date.now() - killedAtMs >= refusedMs) return;
    throw new EngineError(
      'TAILRACE_QUERY_LIMIT',
      'cannot run the query: it could not be stopped when it was last asked, and the engine was started again; ' +
        `ask it of less data, or as it is ${refusedMs / 60_000} minutes later`,
    );
  }
}

function keyOf(question: object): string {
  return createHash('sha256').update(serialize(question)).digest('base64');
}
