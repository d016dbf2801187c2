import { expect, it } from 'vitest';
import { isLoopback } from './loopback.ts';

it.each(['localhost', 'a.localhost', '127.0.0.1', '127.8.9.1', '::1'])('only this machine reaches %s', (host) => {
  expect(isLoopback(host)).toBe(true);
});

it.each(['0.0.0.0', '::', '10.0.0.1', '1270.0.0.1', 'localhosts', '127.0.0.1.example'])('others reach %s', (host) => {
  expect(isLoopback(host)).toBe(false);
});
