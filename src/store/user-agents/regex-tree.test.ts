import { readFileSync } from 'node:fs';
import { createRequire } from 'node:module';
import { expect, test } from 'vitest';
import { parse } from 'yaml';
import { type Branches, parseRegex } from './regex-tree.ts';

function write(branches: Branches): string {
  return branches
    .map((items) =>
      items
        .map((item) =>
          item.kind === 'atom'
            ? item.text + item.quantifier
            : `${item.opening}${write(item.branches)})${item.quantifier}`,
        )
        .join(''),
    )
    .join('|');
}

test('each rule of uap-core, read and written again, is the same', () => {
  const file = createRequire(import.meta.url).resolve('uap-core/regexes.yaml');
  const rules = Object.values(parse(readFileSync(file, 'utf8')) as Record<string, { regex: string }[]>).flat();
  expect(rules.length).toBe(1175);
  for (const { regex } of rules) expect(write(parseRegex(regex))).toBe(regex);
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
