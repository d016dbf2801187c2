import fc from 'fast-check';
import { describe, expect, test } from 'vitest';
import { countEdits, nearestName } from './nearest-name.ts';

describe('nearestName', () => {
  const known = ['host', 'port', 'maxSeconds', 'maxMemory', 'path', 'password', 'url'];
  test.each([
    ['prot', 'port'],
    ['max_seconds', 'maxSeconds'],
    ['MAX-MEMORY', 'maxMemory'],
    ['pasword', 'password'],
    ['pass', 'password'],
    ['hots', 'host'],
    ['ulr', 'url'],
    ['geoip', undefined],
    ['a'.repeat(1_000_000), undefined],
    ['', undefined],
  ])('%s', (written, nearest) => {
    expect(nearestName(written, known)).toBe(nearest);
  });
});

describe('countEdits', () => {
  test.each([
    ['port', 'prot', 1],
    ['', 'abc', 3],
    ['kitten', 'sitting', 3],
  ])('%s → %s', (from, to, edits) => {
    expect(countEdits(from, to)).toBe(edits);
  });

  test('is symmetric, and no more than the longer text', () => {
    const text = fc.string({ maxLength: 12 });
    fc.assert(
      fc.property(text, text, (from, to) => {
        expect(countEdits(from, to)).toBe(countEdits(to, from));
        expect(countEdits(from, to)).toBeLessThanOrEqual(Math.max(from.length, to.length));
      }),
    );
  });
});
