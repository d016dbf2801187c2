import type { RuleList } from './rule-row.ts';

/** `partSeparator` as written inside an SQL string. */
const separator = String.raw`\x1f`;

/** SQL expressions over one user agent. Texts are LowCardinality(String), `isBot` is UInt8. */
export interface UserAgentColumns {
  /** uap-core's family, e.g. `Chrome Mobile`; `Other` when unknown, empty when there is no user agent. */
  readonly browser: string;
  /** e.g. `120.0.6099`; as many numbers as the user agent has, possibly none. */
  readonly browserVersion: string;
  readonly os: string;
  readonly osVersion: string;
  /** uap-core's device family, e.g. `iPhone`, `Samsung SM-S901B`, `Spider`. */
  readonly device: string;
  /** `desktop`, `mobile`, `tablet`, `tv`, `bot` or `other`; empty when there is no user agent. */
  readonly deviceClass: string;
  readonly isBot: string;
  /** The bot's name, e.g. `Googlebot`; empty when it is not a bot. */
  readonly bot: string;
  /** crawler-user-agents' first tag, e.g. `ai-crawler`, `search-engine`, `http-library`; empty when unknown. */
  readonly botCategory: string;
}

/**
 * `userAgent` is an SQL expression of type LowCardinality(String): the decoded user agent, `-` or empty when absent.
 *
 * Each step is a function of one LowCardinality argument and constants, because only such a step runs once per
 * distinct value of a block; with a second LowCardinality argument it runs per row. Only `isBot`, `bot` and
 * `deviceClass` do that, at the end, over finished answers. The engine computes equal steps of one SELECT once.
 */
export function userAgentColumns(userAgent: string): UserAgentColumns {
  const clean = `replaceAll(${userAgent}, '${separator}', ' ')`;
  const versionless = withoutEngineVersions(clean);
  const browser = answer('browser', clean);
  const os = answer('os', versionless);
  const device = firstPart(answer('device', versionless));
  const crawler = answer('bot', clean);
  const name = firstPart(crawler);
  // Where the bot rules have no answer, uap-core decides.
  const isBot = `(notEmpty(${name}) OR (empty(${crawler}) AND ${device} = 'Spider'))`;
  return {
    browser: firstPart(browser),
    browserVersion: versionParts(browser),
    os: firstPart(os),
    osVersion: versionParts(os),
    device,
    deviceClass: `if(${isBot}, 'bot', ${answer('class', versionless)})`,
    isBot,
    bot: `multiIf(notEmpty(${name}), ${name}, ${isBot}, ${firstPart(browser)}, '')`,
    botCategory: `substringIndex(${crawler}, '${separator}', -1)`,
  };
}

/**
 * Neither OS nor device depends on these numbers, which make most user agents distinct: of a list of 887, 30 remain
 * to be looked up.
 */
function withoutEngineVersions(text: string): string {
  return String.raw`replaceRegexpAll(${text}, '\\b(Chrome|Safari|Edg|OPR)/[0-9.]+', '\\1/0')`;
}

function answer(list: RuleList, key: string): string {
  return `dictGet('tailrace.user_agent_${list}', 'result', ${key})`;
}

function firstPart(parts: string): string {
  return `trimBoth(substringIndex(${parts}, '${separator}', 1))`;
}

/** The parts after the first, joined by dots, without trailing empty ones. */
function versionParts(parts: string): string {
  const numbers = `replaceRegexpOne(${parts}, '^[^${separator}]*${separator}?', '')`;
  return `replaceRegexpOne(replaceAll(${numbers}, '${separator}', '.'), '[.]+$', '')`;
}
