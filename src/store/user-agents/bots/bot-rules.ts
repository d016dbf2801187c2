import { engineRegex } from '../engine-regex.ts';
import { partSeparator, type RuleRow, ruleRows } from '../rule-row.ts';
import { embeddedBrowsers } from './embedded-browsers.ts';
import { parseKnownCrawlers } from './known-crawlers.ts';
import { automationWords, plainProgramWords, programWords } from './program-words.ts';
import { desktops, devices, plainBrowsers } from './systems.ts';

type Rule = readonly [regexp: string, result: string];

const firstGroup = String.raw`\1`;
/** The answer for a human visitor, whatever uap-core says. */
const person = partSeparator;
/** The answer that leaves the decision to uap-core. */
const undecided = '';

/** Addresses that are not a bot's: of the maker of an embedded browser, of a media player. */
const foreignAddresses: readonly Rule[] = [['bsalsa\\.com|XBMC/|Kodi/', person]];

/** A contact mailbox. */
const mailbox = String.raw`[A-Za-z0-9]@[A-Za-z0-9.-]+\.(?:com|net|org|edu|info|[a-z][a-z])\b`;

/** Bots that declare themselves, with an address or where a browser has no text. */
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
    // After the engine's `KHTML, like Gecko`, where a browser closes the comment.
    [
      engineRegex('khtml, like gecko(?:; ?(?:compatible; ?)?([a-z][a-z0-9_. -]+)|, ?(google[a-z0-9_. -]+))', true),
      String.raw`\1\2`,
    ],
    // In a comment after the browser's name.
    [String.raw`(?:Safari|Gecko|Firefox|Chrome)/[0-9.]+ \(compatible; ?([A-LN-Za-z][^;/)+]*)`, firstGroup],
    ['^([A-Za-z][A-Za-z0-9-]*)(?:/[0-9.]+)?[,|] ?Mozilla/', firstGroup],
    [engineRegex('\\b(google-[a-z][a-z][a-z][a-z-]*|[a-z]+-google)\\b', true), firstGroup],
    // Apple's network library in a program other than an app: a system service, a command.
    [String.raw`^([^/(]+) \((?:unknown version|Unknown Version)\) CFNetwork`, firstGroup],
  ] as const
).map(([regexp, name]) => [regexp, name + partSeparator]);

/** Phones whose names contain words of bots: the text after Android's version and language is the model. */
const models: readonly Rule[] = [
  [
    engineRegex('android [0-9.]+;(?: ?[a-z][a-z]-[a-z][a-z];)? ?[^;)]*(?:bot|sp[iy]der)[^;)]*\\) applewebkit', true),
    person,
  ],
  [engineRegex('cubot', true), person],
];

/** A comment that names a system, and an engine: a browser, or a program that pretends to be one. */
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
 * Rules that tell bots from humans, most specific first; `json` is crawler-user-agents' list. An answer is
 * name and category; both are empty for a human, and there is no answer where uap-core decides.
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
    // uap-core calls everything with these letters a spider, even `Banca Caboto`.
    [engineRegex('bot', true), person],
    [rendering, undecided],
    [engineRegex([...plainBrowsers, ...devices].join('|'), true), undecided],
    ...plainProgramWords.flatMap(([kind, words]) => wordRules(kind, words)),
    [engineRegex(desktops.join('|'), true), undecided],
    ...unidentified,
  ]);
}

/** One rule per word; the bot's name is the product that contains the word. */
function wordRules(kind: string, words: string): Rule[] {
  return words.split(' ').map((word) => {
    const start = word.startsWith('^') ? '^(' : '([a-z0-9._-]*';
    const pattern = `${start}(?:${word.replace(/^\^/, '')})[a-z0-9_.-]*)`;
    return [engineRegex(pattern, true), firstGroup + partSeparator + kind];
  });
}
