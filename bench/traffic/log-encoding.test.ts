import fc from 'fast-check';
import { expect, test } from 'vitest';
import { encodeForLog } from './log-encoding.ts';

test.each([
  ['Mozilla/5.0 (X11; Linux)', 'Mozilla/5.0%20(X11;%20Linux)'],
  ['/a%20b', '/a%2520b'],
  ['<x>"#{}|\\^~[]`\'', '%3Cx%3E%22%23%7B%7D%7C%5C%5E%7E%5B%5D%60%27'],
  ['größe', 'gr%C3%B6%C3%9Fe'],
  ['a\u007fb', 'a%7Fb'],
  ['', '-'],
])('%j is logged as %j', (value, logged) => {
  expect(encodeForLog(value)).toBe(logged);
});

test('decoding once gives back what the viewer sent', () => {
  fc.assert(
    fc.property(fc.string({ unit: 'binary', minLength: 1 }), (value) => {
      expect(decodeURIComponent(encodeForLog(value))).toBe(value);
    }),
  );
});
