import { afterEach, expect, test, vi } from 'vitest';
import { linearPattern } from './linear-pattern.ts';
import { MatchDeadlineError, withinDeadline } from './match-deadline.ts';

afterEach(() => vi.restoreAllMocks());

/** A clock that advances by a second per reading, and so per match. */
function slowMatching() {
  let now = 0;
  vi.spyOn(performance, 'now').mockImplementation(() => (now += 1000));
}

test('work ends at the first match behind its deadline', () => {
  slowMatching();
  let matches = 0;
  const work = () => {
    for (;;) {
      linearPattern('^a').test('a');
      matches++;
    }
  };
  expect(() => withinDeadline(5000, work)).toThrow(MatchDeadlineError);
  expect(matches).toBe(5);
});

test('an inner deadline is not later than the outer one, and neither holds for what follows', () => {
  slowMatching();
  const groups = () => linearPattern('^(a)').groups('a');
  expect(() =>
    withinDeadline(2000, () =>
      withinDeadline(60_000, () => {
        for (;;) groups();
      }),
    ),
  ).toThrow(MatchDeadlineError);
  for (let times = 0; times < 100; times++) expect(groups()).toEqual(['a']);
});
