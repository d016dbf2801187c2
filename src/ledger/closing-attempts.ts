import { randomInt } from 'node:crypto';
import type { Engine } from '../engine/engine.ts';

/**
 * Begins a further attempt to close a batch: earlier ones, of whatever process, have ended when this resolves, and one
 * that reaches the store later checks {@link isNewestAttempt}. Without it, two attempts at once would both find that
 * the batch is not closed, and both close it.
 * @returns number of the attempt; the first one of a batch has 0 and is not recorded
 */
export async function supersedeAttempts(engine: Engine, batch: string): Promise<string> {
  const [found] = await engine.rows<{ newest: string }>({
    sql: `SELECT toString(${newestAttempt}) AS newest`,
    params: { batch },
    settings: { select_sequential_consistency: 1 },
  });
  // Of two that begin at the same time one is newer: their numbers differ.
  const attempt = (BigInt(found?.newest ?? 0) + BigInt(randomInt(1, 2 ** 47))).toString();
  await engine.run({
    sql: 'INSERT INTO closing_attempts (batch, attempt, at) SELECT {batch:UInt64}, {attempt:UInt64}, now64(3)',
    params: { batch, attempt },
  });
  await engine.endStatements(batch);
  return attempt;
}

const newestAttempt = '(SELECT max(attempt) FROM closing_attempts WHERE batch = {batch:UInt64})';

/** SQL: whether no newer attempt to close the batch in the parameter `batch` has begun than that in `attempt`. */
export const isNewestAttempt = `${newestAttempt} <= {attempt:UInt64}`;
