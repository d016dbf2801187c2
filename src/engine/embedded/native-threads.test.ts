import { expect, test } from 'vitest';
import { countSessions, nativeThreads } from './native-threads.ts';

test.each([
  [undefined, 4],
  ['', 4],
  ['x', 4],
  ['0', 4],
  ['24', 24],
  ['99999', 1024],
])('UV_THREADPOOL_SIZE=%s is %i threads', (size, threads) => {
  expect(nativeThreads(size === undefined ? {} : { UV_THREADPOOL_SIZE: size })).toBe(threads);
});

test('every lane has a session, and few threads have few sessions', () => {
  expect(countSessions(4)).toEqual({ writers: 1, readers: 1, askers: 1 });
  expect(countSessions(24)).toEqual({ writers: 2, readers: 3, askers: 2 });
  expect(countSessions(24, 6).readers).toBe(6);
});
