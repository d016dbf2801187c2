import { expect, test } from 'vitest';
import { parseUapCoreRules } from './uap-core-rules.ts';

const lines = [
  { source: 'https://uap.example', commit: 'c0ffee' },
  {
    list: 'user_agent_parsers',
    regex: String.raw`(Namoroka|Minefield)/(\d+)\.(\d+)`,
    family_replacement: 'Firefox ($1)',
  },
  { list: 'os_parsers', regex: String.raw`Windows NT 6\.1`, os_replacement: 'Windows', os_v1_replacement: '7' },
  {
    list: 'device_parsers',
    regex: '; *(PEDI)_(PLUS)',
    regex_flag: 'i',
    device_replacement: 'Odys $1 $2',
    brand_replacement: 'Odys',
  },
  {
    list: 'device_parsers',
    regex: '^.{0,100}(bot|^crawl)',
    device_replacement: 'Spider',
    brand_replacement: 'Spider',
    model_replacement: 'Desktop',
  },
];
const text = lines.map((line) => JSON.stringify(line)).join('\n');

test('a part is the replacement, else the group of its place', () => {
  const rules = parseUapCoreRules(text).map((rule) => [rule.list, rule.result.split('\x1f')]);
  expect(rules.filter(([, parts]) => /^(?:Firefox|Windows|Odys)/.test(parts?.[0] ?? ''))).toEqual([
    ['browser', ['Firefox (\\1)', '\\2', '\\3', '\\4']],
    ['os', ['Windows', '7', '\\3', '\\4', '\\5']],
    ['device', ['Odys \\1 \\2', 'Odys', '\\1']],
  ]);
});

test('each list begins with the absent user agent', () => {
  const first = parseUapCoreRules(text).filter((rule) => rule.id === 1);
  expect(first.map((rule) => [rule.list, rule.regexp, rule.result])).toEqual([
    ['browser', '^-?$', ''],
    ['os', '^-?$', ''],
    ['device', '^-?$', ''],
  ]);
});

test('what stands before a rule’s groups is left out where its answer takes none', () => {
  const spiders = parseUapCoreRules(text).filter((rule) => rule.result.startsWith('Spider'));
  expect(spiders.map((rule) => rule.regexp)).toEqual(['(bot|^crawl)']);
});

test.each([
  ['{"source":"x"}', /commit/],
  ['{"source":"x","commit":"y"}\n{"list":"cars","regex":"x"}', /list/],
])('a file of another shape is refused: %s', (file, message) => {
  expect(() => parseUapCoreRules(file)).toThrow(message);
});
