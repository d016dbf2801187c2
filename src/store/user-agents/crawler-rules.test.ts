import { expect, test } from 'vitest';
import { parseCrawlerRules } from './crawler-rules.ts';

function named(...crawlers: { pattern: string; instances: string[]; tags?: string[] }[]): string[] {
  return parseCrawlerRules(crawlers).map((rule) => rule.result.replace('\x1f', ' · '));
}

test('a crawler is called what its pattern finds in its first example', () => {
  const rules = named(
    { pattern: '[cC]laude[bB]ot', instances: ['x', 'Mozilla/5.0 (ClaudeBot/1.0)'], tags: ['ai-crawler', 'seo'] },
    { pattern: '^curl', instances: ['curl/8.0'] },
  );
  expect(rules.slice(0, 3)).toEqual(['', 'ClaudeBot · ai-crawler', 'curl · ']);
});

test('the longer name goes first', () => {
  const rules = named(
    { pattern: 'Googlebot\\/', instances: ['Googlebot/2.1'] },
    { pattern: 'Googlebot-Image', instances: ['Googlebot-Image/1.0'] },
  );
  expect(rules.slice(1, 3)).toEqual(['Googlebot-Image · ', 'Googlebot · ']);
});

test('a pattern that people’s devices match too is left out', () => {
  expect(named({ pattern: 'Butterfly', instances: ['Butterfly/1.0'] })).not.toContain('Butterfly · ');
});
