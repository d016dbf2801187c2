import { expect, test } from 'vitest';
import { readRules } from './rule-options.ts';

const read = (values: Record<string, string[]>) => readRules({ positionals: [], values });

test('patterns, of columns too, and masks', () => {
  expect(read({})).toBeUndefined();
  expect(read({ include: ['GET ', 'path~^/a~b'], exclude: ['^{'], mask: ['addresses', 'query:token,e-mail'] })).toEqual(
    {
      include: [{ pattern: 'GET ' }, { column: 'path', pattern: '^/a~b' }],
      exclude: [{ pattern: '^{' }],
      mask: { addresses: true, signatures: false, query: ['token', 'e-mail'] },
    },
  );
  expect(read({ mask: ['signatures'] })).toMatchObject({ mask: { signatures: true } });
});

test.each([
  [{ include: ['a('] }, '--include "a(" is no pattern'],
  [{ exclude: [''] }, 'it is empty'],
  [{ mask: ['ips'] }, 'write addresses, signatures, or query:KEY,KEY'],
  [{ mask: ['query:'] }, 'write addresses'],
])('%j is told', (values, told) => {
  expect(() => read(values as Record<string, string[]>)).toThrow(told);
});
