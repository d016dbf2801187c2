import { afterEach, beforeEach, expect, test, vi } from 'vitest';
import { UnstoppableQuestions } from './unstoppable-questions.ts';

beforeEach(() => {
  vi.useFakeTimers();
});
afterEach(() => {
  vi.useRealTimers();
});

const spelled = (name: string) => `SELECT arrayLevenshteinDistance(range(400000), range(400000)) AS ${name}`;

/** The engine is killed for a question that began so long ago, and runs again after a second. */
function restartFor(questions: UnstoppableQuestions, sql: string, ranMs: number): void {
  questions.killed(Date.now() - ranMs, sql);
  vi.advanceTimersByTime(1000);
  questions.restarted();
}

test('a question of the same shape is refused for ten minutes, whatever its values are, and others are asked', () => {
  const questions = new UnstoppableQuestions();
  restartFor(questions, "SELECT count() FROM requests WHERE path IN ('/a', '/b') AND status = 200", 11_000);
  vi.advanceTimersByTime(60_000);
  const alike = "SELECT count() FROM requests WHERE path IN ('/c', '/d', '/e') AND status = 404";
  expect(() => questions.check(alike)).toThrow(/one like it could not be stopped when it was last asked/);
  questions.check('SELECT count() FROM requests');
  vi.advanceTimersByTime(540_000);
  questions.check(alike);
});

test('all questions wait from the kill on, twice as long as it has cost, and the longer the more often', () => {
  const questions = new UnstoppableQuestions();
  const waits: number[] = [];
  for (const name of ['a', 'b', 'c', 'd']) {
    questions.killed(Date.now() - 36_000, spelled(name));
    // Two that run at once are killed with one engine.
    questions.killed(Date.now() - 9_000, spelled(`${name}${name}`));
    vi.advanceTimersByTime(4_000);
    expect(heldSeconds(questions)).toBeGreaterThan(0);
    questions.restarted();
    let seconds = 0;
    for (; heldSeconds(questions) > 0; seconds++) vi.advanceTimersByTime(1000);
    waits.push(seconds);
  }
  expect(waits).toEqual([80, 160, 320, 480]);
  vi.advanceTimersByTime(600_000);
  restartFor(questions, spelled('f'), 2_000);
  expect(heldSeconds(questions)).toBe(30);
});

test('a restart that no question has caused holds none', () => {
  const questions = new UnstoppableQuestions();
  questions.restarted();
  questions.check('SELECT 1');
});

function heldSeconds(questions: UnstoppableQuestions): number {
  try {
    questions.checkHold();
    return 0;
  } catch (error) {
    expect(error).toMatchObject({ code: 'TAILRACE_STORE_UNAVAILABLE', retryable: true });
    const { retryAfterSeconds = 0 } = error as { retryAfterSeconds?: number };
    return retryAfterSeconds;
  }
}
