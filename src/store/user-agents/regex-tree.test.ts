import { readFileSync } from 'node:fs';
import { expect, test } from 'vitest';
import { parseRegex, writeRegex } from './regex-tree.ts';

test('each rule of uap-core, read and written again, is the same', () => {
  const lines = readFileSync(new URL('uap-core/rules.jsonl', import.meta.url), 'utf8')
    .trim()
    .split('\n')
    .slice(1);
  expect(lines.length).toBeGreaterThan(1200);
  for (const { regex } of lines.map((line) => JSON.parse(line) as { regex: string }))
    expect(writeRegex(parseRegex(regex))).toBe(regex);
});

test('a quantifier belongs to the item before it', () => {
  expect(parseRegex('a(?:b|[c)])+?\\.{2}')).toEqual([
    [
      { kind: 'atom', text: 'a', quantifier: '' },
      {
        kind: 'group',
        opening: '(?:',
        branches: [[{ kind: 'atom', text: 'b', quantifier: '' }], [{ kind: 'atom', text: '[c)]', quantifier: '' }]],
        quantifier: '+?',
      },
      { kind: 'atom', text: '\\.', quantifier: '{2}' },
    ],
  ]);
});

test.each(['(a', 'a)', '(?:(b)'])('%s is refused', (pattern) => {
  expect(() => parseRegex(pattern)).toThrow(/cannot read regular expression/);
});
