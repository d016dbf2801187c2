import { expect, test } from 'vitest';
import { parseKnownCrawlers } from './known-crawlers.ts';

function rules(...crawlers: { pattern: string; instances: string[]; tags?: string[] }[]): string[][] {
  return parseKnownCrawlers(crawlers).map(([regexp, result]) => [regexp, ...result.split('\x1f')]);
}

test('a crawler is called what its pattern finds in its first example', () => {
  expect(
    rules(
      { pattern: '[cC]laude[bB]ot', instances: ['x', 'Mozilla/5.0 (ClaudeBot/1.0)'], tags: ['ai-crawler', 'seo'] },
      { pattern: '^curl', instances: ['curl/8.0'] },
    ),
  ).toEqual([
    ['\\b(?:[cC]laude[bB]ot)', 'ClaudeBot', 'ai-crawler'],
    ['^curl', 'curl', ''],
  ]);
});

test('the longer name goes first', () => {
  const found = rules(
    { pattern: 'Googlebot\\/', instances: ['Googlebot/2.1'] },
    { pattern: 'Googlebot-Image', instances: ['Googlebot-Image/1.0'] },
  );
  expect(found.map(([, name]) => name)).toEqual(['Googlebot-Image', 'Googlebot']);
});

test('a pattern that people’s devices match too is left out', () => {
  expect(rules({ pattern: 'Butterfly', instances: ['Butterfly/1.0'] })).toEqual([]);
});

test('what is only known from browsers inside apps is left out', () => {
  const instances = ['Mozilla/5.0 (X11; Linux x86_64) Code/1.115.0 Chrome/142.0 Electron/39.8.5 Safari/537.36'];
  expect(rules({ pattern: 'Code\\/1\\.', instances })).toEqual([]);
  expect(rules({ pattern: 'Code\\/1\\.', instances: [...instances, 'Code/1.1'] })).toHaveLength(1);
});

test.each([
  ['first in all examples, of a kind that has apps', 'Viber', ['Viber', 'Viber/13'], 'social-preview', '^(?:Viber)'],
  ['first in all examples, of another kind', 'Viber', ['Viber/13'], 'monitoring', '\\b(?:Viber)'],
  ['at the start of a word in all examples', 'Fetch\\/', ['x Fetch/2', 'Fetch/1'], 'seo', '\\b(?:Fetch\\/)'],
  ['within a word in one example', 'Fetch\\/', ['Fetch/2', 'MyFetch/1'], 'seo', 'Fetch\\/'],
])('a pattern is held to its place: %s', (_, pattern, instances, tag, expected) => {
  expect(rules({ pattern, instances, tags: [tag] })[0]?.[0]).toBe(expected);
});
