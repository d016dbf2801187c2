import { engineRegex } from '../engine-regex.ts';
import { partSeparator, type RuleRow, ruleRows } from '../rule-row.ts';
import { embeddedBrowsers } from './embedded-browsers.ts';
import { parseKnownCrawlers } from './known-crawlers.ts';
import { automationWords, plainProgramWords, programWords } from './program-words.ts';
import { desktops, devices, plainBrowsers } from './systems.ts';

type Rule = readonly [regexp: string, result: string];

const firstGroup = String.raw`\1`;
/** The answer for a person, whatever uap-core says. */
const person = partSeparator;
/** The answer that leaves it to uap-core. */
const undecided = '';

/** Addresses that are not the bot's: of the maker of an embedded browser, of a media player. */
const foreignAddresses: readonly Rule[] = [['bsalsa\\.com|XBMC/|Kodi/', person]];

/** A mailbox, as it is written for people to complain to. */
const mailbox = String.raw`[A-Za-z0-9]@[A-Za-z0-9.-]+\.(?:com|net|org|edu|info|[a-z][a-z])\b`;

/** Bots that say so, with an address or where a browser says nothing. */
const declaredBots: readonly Rule[] = (
  [
    ['compatible; MSIE[^)]*https?://', 'Other'],
    [String.raw`^Mozilla/[^(]*\(compatible; *([A-Za-z][^;/)+ ]+)[^)]*https?://`, firstGroup],
    [engineRegex('^Mozilla/.*https?://', false), 'Other'],
    [`^["' ]*([A-Za-z][^/;(:]*[^/;(: -]).*https?://`, firstGroup],
    ['https?://', 'Other'],
    [String.raw`^Mozilla/[^(]*\(compatible; *([A-Za-z][^;/)+ ]+)[^)]*${mailbox}`, firstGroup],
    [`^Mozilla/.*${mailbox}`, 'Other'],
    [`^([A-Za-z][^/;(:@]*[^/;(: @-]).*${mailbox}`, firstGroup],
    [mailbox, 'Other'],
    [engineRegex('^Mozilla/.*\\) .*\\bwww\\.[A-Za-z0-9-]+\\.[a-z]', false), 'Other'],
    // Behind the engine's `KHTML, like Gecko`, where a browser closes the comment.
    [
      engineRegex('khtml, like gecko(?:; ?(?:compatible; ?)?([a-z][a-z0-9_. -]+)|, ?(google[a-z0-9_. -]+))', true),
      String.raw`\1\2`,
    ],
    // In a comment behind the browser's name.
    [String.raw`(?:Safari|Gecko|Firefox|Chrome)/[0-9.]+ \(compatible; ?([A-LN-Za-z][^;/)+]*)`, firstGroup],
    ['^([A-Za-z][A-Za-z0-9-]*)(?:/[0-9.]+)?[,|] ?Mozilla/', firstGroup],
    [engineRegex('\\b(google-[a-z][a-z][a-z][a-z-]*|[a-z]+-google)\\b', true), firstGroup],
    // Apple's network library for a program that is no app: a service of the system, a command.
    [String.raw`^([^/(]+) \((?:unknown version|Unknown Version)\) CFNetwork`, firstGroup],
  ] as const
).map(([regexp, name]) => [regexp, name + partSeparator]);

/** Phones whose names have words of bots in them: what follows an Android's version and language is its model. */
const models: readonly Rule[] = [
  [
    engineRegex('android [0-9.]+;(?: ?[a-z][a-z]-[a-z][a-z];)? ?[^;)]*(?:bot|sp[iy]der)[^;)]*\\) applewebkit', true),
    person,
  ],
  [engineRegex('cubot', true), person],
];

/** A comment that names a system, and an engine: a browser, or what wants to be taken for one. */
const rendering = String.raw`(?:Windows|Macintosh|Mac OS|X11|Linux|Android|iPhone|iPad)[^)]*\) ?(?:AppleWebKit|Gecko)/|MSIE [0-9.]+; (?:Windows|Mac)`;

/** Programs that name no system; browsers and apps do. */
const unidentified: readonly Rule[] = (
  [
    [String.raw`^Mozilla/[0-9.]+ *\((?:compatible; *)?([A-Za-z][^;/)(]*[^;/)( ])`, firstGroup],
    [`^["' ]*([A-Za-z][^/;(:]*[^/;(: -])`, firstGroup],
    ['.', 'Other'],
  ] as const
).map(([regexp, name]) => [regexp, `${name}${partSeparator}unidentified`]);

/**
 * Rules that tell bots from people, from the surest to the most general; `json` is crawler-user-agents' list. An answer is
 * name and category; both are empty for a person, and there is no answer where uap-core is to decide.
 */
export function parseBotRules(json: unknown): RuleRow[] {
  return ruleRows('bot', [
    ...foreignAddresses,
    ...parseKnownCrawlers(json),
    ...declaredBots,
    ...wordRules('browser-automation', automationWords),
    ...embeddedBrowsers.map((pattern): Rule => [pattern, person]),
    ...models,
    ...programWords.flatMap(([kind, words]) => wordRules(kind, words)),
    ['([A-Za-z0-9._-]*Bot[A-Z][A-Za-z0-9_.-]*)', firstGroup + partSeparator],
    // uap-core calls all a spider that has the letters, `Banca Caboto` too.
    [engineRegex('bot', true), person],
    [rendering, undecided],
    [engineRegex([...plainBrowsers, ...devices].join('|'), true), undecided],
    ...plainProgramWords.flatMap(([kind, words]) => wordRules(kind, words)),
    [engineRegex(desktops.join('|'), true), undecided],
    ...unidentified,
  ]);
}

/** A rule for each word; the bot's name is the product that the word is part of. */
function wordRules(kind: string, words: string): Rule[] {
  return words.split(' ').map((word) => {
    const start = word.startsWith('^') ? '^(' : '([a-z0-9._-]*';
    const pattern = `${start}(?:${word.replace(/^\^/, '')})[a-z0-9_.-]*)`;
    return [engineRegex(pattern, true), firstGroup + partSeparator + kind];
  });
}
