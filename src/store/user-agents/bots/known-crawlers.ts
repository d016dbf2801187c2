import { z } from 'zod';
import { linearPattern } from '../../../text/linear-pattern.ts';
import { engineRegex } from '../engine-regex.ts';
import { partSeparator } from '../rule-row.ts';
import { embeddedBrowsers } from './embedded-browsers.ts';

const crawlers = z.array(
  z.object({ pattern: z.string(), instances: z.array(z.string()), tags: z.array(z.string()).default([]) }),
);

/** Patterns that also match human visitors' devices and browsers, each with an example from other projects' corpora. */
const ambiguousPatterns = new Set([
  'Butterfly', // HTC Butterfly
  'Sonic', // Lucky Ultra Sonic
  'speedy', // HTC Evo Shift, code name
  String.raw`008\/`, // sprd-L008/1.0
  'Fluid', // a browser for Macs
  'Expanse', // a phone
]);

const embedded = linearPattern(embeddedBrowsers.join('|'));

/** Kinds whose makers also have apps, in whose browsers the same name comes last: `… Safari/537.36 Viber/11.9`. */
const kindsWithApps: readonly string[] = ['social-preview', 'search-engine', 'feed-reader', 'http-library'];

/**
 * Turns crawler-user-agents' list (https://github.com/monperrus/crawler-user-agents) into rules: expression → name,
 * category. The category is the list's first tag, e.g. `search-engine`, `ai-crawler`, `http-library`. The longer name
 * comes first, so that `Googlebot-Image` is not called `Googlebot`.
 */
export function parseKnownCrawlers(json: unknown): (readonly [regexp: string, result: string])[] {
  return crawlers
    .parse(json)
    .filter(({ pattern }) => !ambiguousPatterns.has(pattern))
    .filter(({ instances }) => !isAlways(instances, (text) => embedded.test(text)))
    .map(({ pattern, instances, tags }) => {
      const places = instances.flatMap((text) => findPlace(pattern, text) ?? []);
      const category = tags[0] ?? '';
      const bound = boundPattern(pattern, places, kindsWithApps.includes(category));
      return { name: crawlerName(places[0]?.matched ?? pattern), category, regexp: engineRegex(bound, false) };
    })
    .sort((left, right) => right.name.length - left.name.length)
    .map(({ name, category, regexp }) => [regexp, name + partSeparator + category]);
}

/** A pattern's match in an example, and the text before it. */
interface Place {
  readonly before: string;
  readonly matched: string;
}

function findPlace(pattern: string, text: string): Place | undefined {
  const matched = find(pattern, text);
  return matched === undefined ? undefined : { before: text.slice(0, text.indexOf(matched)), matched };
}

/** Most patterns are plain strings, which need no regular expression: compiling all takes half a second. */
function find(pattern: string, text: string): string | undefined {
  if (!/^(?:[\w !/@:-]|\\[^A-Za-z0-9])+$/.test(pattern)) return linearPattern(`(${pattern})`).groups(text)?.[0];
  const plain = pattern.replace(/\\/g, '');
  return text.includes(plain) ? plain : undefined;
}

/** The pattern, anchored as in all examples: at the beginning, if its kind has apps too, or at the start of a word. */
function boundPattern(pattern: string, places: readonly Place[], hasApps: boolean): string {
  if (pattern.startsWith('^')) return pattern;
  if (hasApps && isAlways(places, ({ before }) => before === '')) return `^(?:${pattern})`;
  const startsWord = ({ before, matched }: Place) => /^\w/.test(matched) && !/\w$/.test(before);
  return isAlways(places, startsWord) ? String.raw`\b(?:${pattern})` : pattern;
}

function isAlways<T>(values: readonly T[], condition: (value: T) => boolean): boolean {
  return values.length > 0 && values.every(condition);
}

/** The list has no names, so this uses the pattern's match in its first example, without surrounding punctuation. */
function crawlerName(matched: string): string {
  return /[\p{L}\p{N}](?:.*[\p{L}\p{N}!])?/su.exec(matched)?.[0] ?? '';
}
