import { expect, test } from 'vitest';
import { linearPattern } from '../text/linear-pattern.ts';
import { formats } from './catalog.ts';
import { parseTemplate } from './event-row.ts';

/**
 * Patterns that run on a value, which may be any bytes. To the engine a byte that is not UTF-8 is no character, and in
 * JavaScript it is one: so these name the characters that they take, and mean the same in both.
 */
const patterns = formats.flatMap(({ name, fields, event }) => {
  const templates = Object.values(event?.columns ?? {}).flatMap(parseTemplate);
  const values = templates.flatMap((part) => (typeof part === 'string' ? [] : 'group' in part ? part.group : [part]));
  const used = [...fields, ...(event?.levels ?? []), ...values];
  return used.flatMap((user) => (typeof user === 'object' && user.pattern ? [[name, user.pattern] as const] : []));
});

test.each([...new Map(patterns.map((pattern) => [pattern.join(), pattern])).values()])('%s: %s', (_, pattern) => {
  expect(() => linearPattern(pattern)).not.toThrow();
  const withoutClasses = pattern.replaceAll(/\[\^?\]?(?:\\.|[^\]\\])*\]/g, (found) => (found[1] === '^' ? '[^]' : ''));
  expect(withoutClasses.replaceAll(/\\[.[\]()*+?$^|\\/]/g, '')).not.toMatch(/\.|\[\^|\\[SWDPC]/);
});
