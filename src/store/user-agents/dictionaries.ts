import type { Statement } from '../../engine/engine.ts';
import { type DictionaryReader, literal, tableSource } from '../dictionary-source.ts';
import { type RuleList, ruleLists } from './rule-row.ts';

/** A list's answer for a user agent that matches none of its rules. `Other` is uap-core's term. */
const unknownAnswers: Readonly<Record<RuleList, string>> = {
  browser: 'Other',
  os: 'Other',
  device: 'Other',
  class: 'other',
  bot: '',
};

/**
 * Creates, if missing, the tables of rules, and one view and one dictionary per list. The views show the
 * rules loaded last, each once, so that two processes may load the same rules at the same time
 * (a dictionary with a duplicate id does not load). Dictionaries load at first use.
 */
export function userAgentSchema(reader?: DictionaryReader): Statement[] {
  return [
    { sql: rulesTable },
    { sql: ruleSetsTable },
    ...ruleLists.flatMap((list) => [rulesView(list), rulesDictionary(list, reader)]),
  ];
}

const rulesTable = `
  CREATE TABLE IF NOT EXISTS tailrace.user_agent_rules
  (
    version String,
    list    LowCardinality(String),
    id      UInt64,
    regexp  String,
    result  String
  )
  ENGINE = MergeTree
  ORDER BY (version, list, id)`;

const ruleSetsTable = `
  CREATE TABLE IF NOT EXISTS tailrace.user_agent_rule_sets
  (
    version   String,
    loaded_at DateTime64(3)
  )
  ENGINE = MergeTree
  ORDER BY loaded_at`;

function rulesView(list: RuleList): Statement {
  return {
    sql: `
      CREATE VIEW IF NOT EXISTS tailrace.user_agent_rules_${list} AS
      SELECT id, toUInt64(0) AS parent_id, regexp, ['result'] AS keys, [result] AS values
      FROM tailrace.user_agent_rules
      WHERE list = '${list}'
        AND version = (SELECT argMax(version, loaded_at) FROM tailrace.user_agent_rule_sets)
      ORDER BY id
      LIMIT 1 BY id`,
  };
}

/**
 * The source is a table because a regexp_tree dictionary of an open-source server otherwise reads only a YAML file in
 * the server's own directory.
 */
function rulesDictionary(list: RuleList, reader?: DictionaryReader): Statement {
  return {
    sql: `
      CREATE DICTIONARY IF NOT EXISTS tailrace.user_agent_${list}
      (
        regexp String,
        result String DEFAULT ${literal(unknownAnswers[list])}
      )
      PRIMARY KEY (regexp)
      ${tableSource({ table: `user_agent_rules_${list}`, reader })}
      LAYOUT(regexp_tree)
      LIFETIME(0)`,
  };
}
