import { expect, it } from 'vitest';
import { WrongTokenLimit } from './wrong-token-limit.ts';

const options = { burst: 3, perSecond: 0.5, maxAddresses: 2 };
const guess = (limit: WrongTokenLimit, address: string, digests: readonly string[], nowMs = 0) => {
  for (const digest of digests) limit.count(address, digest, nowMs);
};

it('looks at no token of an address that showed too many wrong ones, until time has passed', () => {
  const limit = new WrongTokenLimit(options);
  guess(limit, 'a', ['1', '2']);
  expect(limit.waitSeconds('a', 0)).toBe(0);
  guess(limit, 'a', ['3']);
  expect(limit.waitSeconds('a', 0)).toBe(2);
  expect(limit.waitSeconds('a', 1000)).toBe(1);
  expect(limit.waitSeconds('a', 2000)).toBe(0);
  expect(limit.waitSeconds('b', 0)).toBe(0);
});

it('never allows more guesses than the burst and the rate, however they are spread', () => {
  const limit = new WrongTokenLimit(options);
  let looked = 0;
  for (let nowMs = 0; nowMs < 100_000; nowMs += 10) {
    if (limit.waitSeconds('a', nowMs) > 0) continue;
    limit.count('a', `${nowMs}`, nowMs);
    looked++;
  }
  expect(looked).toBeLessThanOrEqual(3 + 50);
});

it('holds the same wrong token, which a shipper repeats, for less than a guess', () => {
  const limit = new WrongTokenLimit(options);
  guess(limit, 'a', new Array(20).fill('old'));
  expect(limit.waitSeconds('a', 0)).toBe(0);
  guess(limit, 'a', new Array(30).fill('old'));
  expect(limit.waitSeconds('a', 0)).toBeGreaterThan(0);
});

it('counts addresses of one IPv6 network as one', () => {
  const limit = new WrongTokenLimit(options);
  guess(limit, '2001:db8:1:2::1', ['1', '2']);
  guess(limit, '2001:db8:1:2:ffff::2', ['3']);
  expect(limit.waitSeconds('2001:db8:1:2::3', 0)).toBeGreaterThan(0);
  expect(limit.waitSeconds('2001:db8:1:3::1', 0)).toBe(0);
  guess(limit, '::ffff:192.0.2.1', ['1', '2', '3']);
  expect(limit.waitSeconds('::ffff:192.0.2.2', 0)).toBe(0);
});

it('remembers no more addresses than it may', () => {
  const limit = new WrongTokenLimit(options);
  for (const address of ['a', 'b', 'c']) guess(limit, address, ['1', '2', '3']);
  expect(['a', 'b', 'c'].map((address) => limit.waitSeconds(address, 0) > 0)).toEqual([false, true, true]);
});
