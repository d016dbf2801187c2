import type { Engine, Statement } from '../../engine/engine.ts';
import { type DictionaryReader, tableSource } from '../dictionary-source.ts';
import { type UserAgentColumns, userAgentColumns } from './expressions.ts';

/**
 * Cache of answers for known user agents. One look-up in the rules takes a hundred microseconds, and the same few
 * thousand user agents occur in every block of lines; so each answer is kept, and the rules see new ones only.
 * A view on `enriched` adds new answers, and {@link refreshKnownUserAgents} reloads the dictionary for the
 * next INSERT: a running one sees the answers from its start. Before a large file, its first lines' user agents are
 * looked up separately, through `user_agent_probe`.
 *
 * The key is a hash, because a look-up by number runs once per distinct value of a block, one by text once per row.
 */
export function knownUserAgentsSchema(version: string, reader?: DictionaryReader): Statement[] {
  return [
    {
      sql: `
        CREATE TABLE IF NOT EXISTS tailrace.known_user_agents
        (
          rules      String COMMENT 'Version of the rules that gave the answer',
          user_agent String,
          hash       UInt64 MATERIALIZED sipHash64(user_agent),
          answer     String COMMENT 'The parts of the answer, separated by the byte 1F',
          seen_at    DateTime('UTC')
        )
        ENGINE = MergeTree
        ORDER BY user_agent
        TTL seen_at + INTERVAL 30 DAY`,
    },
    { sql: 'CREATE TABLE IF NOT EXISTS tailrace.user_agent_probe (user_agent LowCardinality(String)) ENGINE = Null' },
    {
      sql: `
        CREATE OR REPLACE DICTIONARY tailrace.known_user_agents_by_hash (hash UInt64, answer String DEFAULT '')
        PRIMARY KEY hash
        ${tableSource({ table: 'known_user_agents', reader, where: `rules = '${version}'` })}
        LAYOUT(HASHED())
        LIFETIME(0)`,
    },
  ];
}

/** The views that cache answers found by the rules. */
export function rememberUserAgentsViews(version: string): string[] {
  const remember = (name: string, source: string) => `
    CREATE MATERIALIZED VIEW tailrace.${name} TO tailrace.known_user_agents AS
    SELECT '${version}' AS rules, user_agent, any(user_agent_answer) AS answer, now('UTC') AS seen_at
    FROM ${source}
    WHERE user_agent_is_new
    GROUP BY user_agent`;
  const steps = userAgentSteps().map(([name, sql]) => `${sql} AS ${name}`);
  return [
    remember('enriched_to_known_user_agents', 'tailrace.enriched'),
    remember('probe_to_known_user_agents', `(SELECT *, ${steps.join(', ')} FROM tailrace.user_agent_probe)`),
  ];
}

/**
 * SQL of a user agent's answer, in steps that build on each other, given `user_agent` as LowCardinality(String).
 *
 * The rules see only new ones, as elements of an array: a lambda does not run for a block without elements, so that the
 * dictionaries of the rules, which take most of a second to load, are not loaded before there is a new one. Within the
 * lambda each distinct value is looked up once.
 */
export function userAgentSteps(): [name: string, sql: string][] {
  const found = userAgentColumns('toLowCardinality(ua)');
  const parts = columnOrder.map(([, name]) => `toString(${found[name]})`).join(", '\\x1f', ");
  const byRules = `arrayMap(ua -> concat(${parts}), if(ua_known = '', [toString(user_agent)], []))[1]`;
  return [
    ['ua_known', "dictGet('tailrace.known_user_agents_by_hash', 'answer', sipHash64(user_agent))"],
    ['user_agent_answer', `toLowCardinality(if(ua_known != '', toString(ua_known), ${byRules}))`],
    ['user_agent_is_new', "ua_known = ''"],
  ];
}

/** SQL of the columns that an answer holds, by column. */
export function userAgentParts(): [column: string, sql: string][] {
  return columnOrder.map(([column], index) => {
    const part = `substringIndex(substringIndex(user_agent_answer, '\\x1f', ${index + 1}), '\\x1f', -1)`;
    return [column, column === 'is_bot' ? `${part} = '1'` : part];
  });
}

/** Reloads the dictionary with newly cached answers: milliseconds for some ten thousand user agents. */
export async function refreshKnownUserAgents(engine: Engine): Promise<void> {
  await engine.run({ sql: 'SYSTEM RELOAD DICTIONARY tailrace.known_user_agents_by_hash' });
}

/** The parts of an answer, in their order: the column and what it is. */
const columnOrder: readonly (readonly [column: string, name: keyof UserAgentColumns])[] = [
  ['browser', 'browser'],
  ['browser_version', 'browserVersion'],
  ['os', 'os'],
  ['os_version', 'osVersion'],
  ['device', 'device'],
  ['device_class', 'deviceClass'],
  ['is_bot', 'isBot'],
  ['bot', 'bot'],
  ['bot_category', 'botCategory'],
];
