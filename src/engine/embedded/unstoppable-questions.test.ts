import { afterEach, beforeEach, expect, test, vi } from 'vitest';
import { UnstoppableQuestions } from './unstoppable-questions.ts';

beforeEach(() => {
  vi.useFakeTimers();
});
afterEach(() => {
  vi.useRealTimers();
});

const spelled = (number: number) => ({ sql: `SELECT arrayLevenshteinDistance(range(4000${number}), range(400000))` });

test('a question is refused for ten minutes, and others are asked', () => {
  const questions = new UnstoppableQuestions();
  questions.remember(spelled(1));
  expect(() => questions.check(spelled(1))).toThrow(/could not be stopped when it was last asked/);
  questions.check(spelled(2));
  vi.advanceTimersByTime(600_000);
  questions.check(spelled(1));
});

test('all questions wait when other spellings have the engine started again and again, the longer the more often', () => {
  const questions = new UnstoppableQuestions();
  const waits: number[] = [];
  for (let kills = 1; kills <= 5; kills++) {
    questions.remember(spelled(kills));
    let seconds = 0;
    for (; isHeld(questions); seconds++) vi.advanceTimersByTime(1000);
    waits.push(seconds);
  }
  expect(waits).toEqual([0, 30, 60, 120, 240]);
  vi.advanceTimersByTime(600_000);
  questions.remember(spelled(8));
  questions.check(spelled(9));
});

function isHeld(questions: UnstoppableQuestions): boolean {
  try {
    questions.check({ sql: 'SELECT 1' });
    return false;
  } catch (error) {
    expect(error).toMatchObject({ code: 'TAILRACE_STORE_UNAVAILABLE', retryable: true });
    return true;
  }
}
