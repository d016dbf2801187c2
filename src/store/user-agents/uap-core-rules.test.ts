import { expect, test } from 'vitest';
import { parseUapCoreRules } from './uap-core-rules.ts';

const yaml = String.raw`
user_agent_parsers:
  - regex: '(Namoroka|Minefield)/(\d+)\.(\d+)'
    family_replacement: 'Firefox ($1)'
os_parsers:
  - regex: 'Windows NT 6\.1'
    os_replacement: 'Windows'
    os_v1_replacement: '7'
device_parsers:
  - regex: '; *(PEDI)_(PLUS)'
    regex_flag: 'i'
    device_replacement: 'Odys $1 $2'
    brand_replacement: 'Odys'
`;

test('a part is the replacement, else the group of its place', () => {
  const rules = parseUapCoreRules(yaml).filter((rule) => rule.id === 2);
  expect(rules.map((rule) => [rule.list, rule.result.split('\x1f')])).toEqual([
    ['browser', ['Firefox (\\1)', '\\2', '\\3', '\\4']],
    ['os', ['Windows', '7', '\\3', '\\4', '\\5']],
    ['device', ['Odys \\1 \\2', 'Odys', '\\1']],
  ]);
});

test('each list begins with the absent user agent', () => {
  const first = parseUapCoreRules(yaml).filter((rule) => rule.id === 1);
  expect(first.map((rule) => [rule.list, rule.regexp, rule.result])).toEqual([
    ['browser', '^-?$', ''],
    ['os', '^-?$', ''],
    ['device', '^-?$', ''],
  ]);
});

test('a file of another shape is refused', () => {
  expect(() => parseUapCoreRules('user_agent_parsers: 5')).toThrow(/user_agent_parsers/);
});
