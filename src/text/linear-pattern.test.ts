import { expect, test } from 'vitest';
import { linearPattern } from './linear-pattern.ts';

test('any byte is any character, and a backslash before a C is a backslash', () => {
  expect(linearPattern('^a\\Cb$').test('a\nb')).toBe(true);
  expect(linearPattern('^a\\\\C$').groups('a\\C')).toEqual([]);
  expect(linearPattern('^a\\\\C$').test('a\\x')).toBe(false);
});
