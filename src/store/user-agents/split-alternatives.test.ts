import { expect, test } from 'vitest';
import { splitAlternatives } from './split-alternatives.ts';

test.each([
  ['bot|crawl', ['bot', 'crawl']],
  ['^.{0,100}(bot|^crawl|x(?:a|b)yz)', ['bot', '^crawl', 'x(?:a|b)yz']],
  ['^.*?(?:(bot|crawl))', ['bot', 'crawl']],
  ['(?:bot|a|b|crawl)', ['bot', 'crawl', 'a|b']],
  ['(bot|crawl)/1', ['(bot|crawl)/1']],
  ['(bot|crawl)?', ['(bot|crawl)?']],
  ['^.{0,20}(bot|crawl)', ['^.{0,20}(bot|crawl)']],
  ['a|b', ['a|b']],
])('%s becomes %j', (pattern, expected) => {
  expect(splitAlternatives(pattern)).toEqual(expected);
});
