import { readFileSync } from 'node:fs';
import fc from 'fast-check';
import { expect, test } from 'vitest';
import { spellOutCase } from './case-insensitive-regex.ts';

const lines = readFileSync(new URL('uap-core/rules.jsonl', import.meta.url), 'utf8')
  .trim()
  .split('\n')
  .slice(1);
const caseless = lines
  .map((line) => JSON.parse(line) as { regex: string; regex_flag?: string })
  .filter((rule) => rule.regex_flag === 'i')
  .map((rule) => ({ original: new RegExp(rule.regex, 'i'), spelledOut: new RegExp(spellOutCase(rule.regex)) }));

const words = [
  'Mozilla/5.0 (Linux; U; Android 4.1; ',
  'HTC_One',
  'CUBOT x9',
  'A111',
  '; K-Touch w',
  ' Build/',
  'bot',
  ') ',
];
const userAgent = fc
  .array(fc.oneof(fc.constantFrom(...words, ') AppleWebKit', 'midp', 'up.browser', '3gso', 'Nokia_'), fc.string()))
  .map((parts) => parts.join(''));
const randomCase = fc
  .tuple(userAgent, fc.infiniteStream(fc.boolean()))
  .map(([text, upper]) =>
    [...text].map((letter) => (upper.next().value ? letter.toUpperCase() : letter.toLowerCase())).join(''),
  );

test('matches what the flag matches, groups included, for each of uap-core’s caseless rules', () => {
  expect(caseless.length).toBeGreaterThan(60);
  fc.assert(
    fc.property(randomCase, (text) => {
      for (const { original, spelledOut } of caseless) {
        expect(spelledOut.exec(text), `${original} on ${text}`).toEqual(original.exec(text));
      }
    }),
  );
});

test.each([
  ['bot', '(?:BOT|BOt|BoT|Bot|bOT|bOt|boT|bot)'],
  ['LG', '[Ll][Gg]'],
  ['abcs?', '(?:ABC|ABc|AbC|Abc|aBC|aBc|abC|abc)[Ss]?'],
  ['abc+', '[Aa][Bb][Cc]+'],
  ['\\d[^a-f_\\-x]\\s', '\\d[^A-Fa-f_\\-Xx]\\s'],
  ['(?:a|\\/)', '(?:[Aa]|\\/)'],
  ['(abc)?', '([Aa][Bb][Cc])?'],
  ['(abc|a|b|c|d|e|f|g|h|i)', '([Aa][Bb][Cc]|[Aa]|[Bb]|[Cc]|[Dd]|[Ee]|[Ff]|[Gg]|[Hh]|[Ii])'],
  ['x|A111', '[Xx]|[Aa][1][1][1]'],
  ['A11', '(?:A11|a11)'],
  ['abc|x', '[Aa][Bb][Cc]|[Xx]'],
])('spells out %s', (pattern, expected) => {
  expect(spellOutCase(pattern)).toBe(expected);
});
