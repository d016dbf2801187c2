import fc from 'fast-check';
import { describe, expect, test } from 'vitest';
import { chooseLeases, type Holding } from './choose-leases.ts';
import { newLease, readLease } from './lease-row.ts';
import { LeaseWatch } from './lease-watch.ts';

const held = (...owners: (string | undefined)[]): Holding[] =>
  owners.map((owner, index) => ({ leaseKey: `lease-${index}`, owner }));

describe('chooseLeases', () => {
  test('a worker alone takes all that are free', () => {
    expect(chooseLeases(held(undefined, undefined, 'me'), 'me').sort()).toEqual(['lease-0', 'lease-1']);
  });

  test('free ones only up to a fair share', () => {
    expect(chooseLeases(held('other', undefined, undefined, undefined), 'me')).toHaveLength(2);
    expect(chooseLeases(held('other', undefined, 'me', 'me'), 'me')).toEqual([]);
  });

  test('steals one from who has most, and never so that the two change places', () => {
    expect(chooseLeases(held('a', 'a', 'a', 'b'), 'me')).toHaveLength(1);
    expect(['lease-0', 'lease-1', 'lease-2']).toContain(chooseLeases(held('a', 'a', 'a', 'b'), 'me')[0]);
    expect(chooseLeases(held('a', 'me'), 'me')).toEqual([]);
    expect(chooseLeases(held('a'), 'me')).toEqual([]);
    expect(chooseLeases([], 'me')).toEqual([]);
  });

  test('whoever comes and goes, in the end all hold equally many, and then nothing moves', () => {
    const workers = ['a', 'b', 'c', 'd', 'e'];
    const start = fc.array(fc.constantFrom(undefined, 'gone', ...workers), { maxLength: 30 });
    fc.assert(
      fc.property(start, fc.subarray(workers, { minLength: 1 }), (owners, living) => {
        const holdings = owners.map((owner, index) => ({
          leaseKey: `${index}`,
          owner: owner !== undefined && living.includes(owner) ? owner : undefined,
        }));
        for (let round = 0; round < 100; round++) {
          for (const worker of living) {
            const chosen = chooseLeases(holdings, worker);
            for (const holding of holdings) if (chosen.includes(holding.leaseKey)) holding.owner = worker;
          }
        }
        const counts = living.map((worker) => holdings.filter(({ owner }) => owner === worker).length);
        expect(holdings.filter(({ owner }) => owner === undefined)).toEqual([]);
        expect(Math.max(...counts) - Math.min(...counts)).toBeLessThanOrEqual(1);
        for (const worker of living) expect(chooseLeases(holdings, worker)).toEqual([]);
      }),
    );
  });
});

test('a lease is silent when its counter stood still for long enough, by our own clock', () => {
  const shard = { id: 'shardId-000000000000', parents: [], startingSequence: '1', hashes: { from: 0n, to: 9n } };
  const row = { ...readLease(newLease('edge:s:shardId-000000000000', shard, 'TRIM_HORIZON', 0)), leaseOwner: 'a' };
  const watch = new LeaseWatch(8000);
  watch.observe([row], 1000);
  expect(watch.isSilent(row, 8999)).toBe(false);
  watch.observe([{ ...row, leaseCounter: 1 }], 8000);
  expect(watch.isSilent(row, 15_999)).toBe(false);
  watch.observe([{ ...row, leaseCounter: 1 }], 12_000);
  expect(watch.isSilent(row, 16_000)).toBe(true);
});
