import { expect, test } from 'vitest';
import { collectParameters, formatParameter, quoteString, readPlaceholders } from './bound-parameter.ts';

test('placeholders are found outside of strings and comments only', () => {
  const sql = "SELECT {a:String}, '{b:String}', { c : Array(String) } -- {d:String}\n, map('x', {a:UInt8}), {'e': 1}";
  expect([...readPlaceholders(sql)]).toEqual(['a', 'c']);
});

test('a placeholder without a value is an error, and values that nobody asks for are left out', () => {
  expect(collectParameters('SELECT {a:String}', { a: null, b: 1 })).toEqual([['a', null]]);
  for (const params of [{}, { a: undefined }, Object.create({ a: 1 })]) {
    expect(() => collectParameters('SELECT {a:String}', params)).toThrow(/"a" has no value/);
  }
});

test.each<[value: unknown, text: string]>([
  ['a\tb\n\\', 'a\\tb\\n\\\\'],
  ["it's", "it's"],
  [null, '\\N'],
  [["it's", null, 1n, true], "['it\\'s',NULL,1,true]"],
  [new Map<unknown, unknown>([['k', new Uint8Array([1, 2])]]), "{'k':[1,2]}"],
  [{ a: 1 }, "{'a':1}"],
  [new Date(-1), '00000000-1.999'],
])('case %#', (value, text) => {
  if (value instanceof Date) expect(formatParameter(new Date(1_700_000_000_001))).toBe('1700000000.001');
  else expect(formatParameter(value)).toBe(text);
});

test('a value without a literal in SQL is an error', () => {
  for (const value of [Number.NaN, Number.POSITIVE_INFINITY, Symbol('x'), () => 1, new Date('x')]) {
    expect(() => formatParameter(value)).toThrow(/cannot bind the value/);
  }
});

test('a string literal escapes what could end it', () => {
  expect(quoteString("a'\\")).toBe("'a\\'\\\\'");
});
