import { expect, test } from 'vitest';
import { Pace } from './pace.ts';

const succeed = (pace: Pace, times: number) => {
  for (let time = 0; time < times; time++) pace.succeeded();
};

test('the pace grows by one after as many successes as requests may be on their way, up to the most', () => {
  const pace = new Pace(4);
  const limits = [pace.limit];
  for (let step = 0; step < 12; step++) {
    pace.succeeded();
    limits.push(pace.limit);
  }
  expect(limits).toEqual([2, 2, 3, 3, 3, 4, 4, 4, 4, 4, 4, 4, 4]);
});

test('push-back halves it once for all requests that were on their way', () => {
  const pace = new Pace(8);
  succeed(pace, 100);
  const rounds = Array.from({ length: 8 }, () => pace.begin());
  for (const round of rounds) pace.pushedBack(round);
  expect(pace.limit).toBe(4);
  pace.pushedBack(pace.begin());
  pace.pushedBack(pace.begin());
  pace.pushedBack(pace.begin());
  expect(pace.limit).toBe(1);
  pace.succeeded();
  expect(pace.limit).toBe(2);
});

test('push-back starts the count of successes anew', () => {
  const pace = new Pace(8);
  succeed(pace, 4);
  pace.pushedBack(pace.begin());
  expect(pace.limit).toBe(1);
  expect(new Pace(1).limit).toBe(1);
});
