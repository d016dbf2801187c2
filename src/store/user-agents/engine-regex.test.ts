import { expect, test } from 'vitest';
import { engineRegex } from './engine-regex.ts';

test.each([
  ['a.{0,200}b', 'a.*b'],
  ['a.{1,100}?b', 'a.+?b'],
  ['[^;]{0,30}', '[^;]*'],
  ['\\d{1,10}', '\\d{1,10}'],
  ['; {0,2}x', '; {0,2}x'],
  ['(moto)(.{0,50})x', '(moto)(.{0,50})x'],
  ['(moto) Build', '(moto)[ ][B][u][i][l][d]'],
  ['\\.{1,50}', '\\.+'],
])('%s becomes %s', (pattern, expected) => {
  expect(engineRegex(pattern, false)).toBe(expected);
});

test('spells case out only for a caseless rule', () => {
  expect(engineRegex('LG', false)).toBe('LG');
  expect(engineRegex('LG.{0,100}', true)).toBe('[Ll][Gg].*');
});
