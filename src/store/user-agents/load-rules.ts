import type { Engine } from '../../engine/engine.ts';
import { type RuleRow, ruleLists } from './rule-row.ts';
import { ruleSetVersion } from './rule-set-version.ts';

/** A ClickHouse server refuses a bound value of more than 128 KiB, as it arrives after escaping. */
const maxParameterBytes = 48 * 1024;

/**
 * Makes the rules of the installed packages the ones that the dictionaries answer with, and says whether they were not
 * already; when they were it costs a small query. Must run after the statements of `userAgentSchema` and before the
 * first insert: a dictionary without rules refuses to load. Rules count once the row in `user_agent_rule_sets` says that
 * all are there; what a process leaves behind that dies before is stored again, and the views show each rule once.
 */
export async function loadRules(engine: Engine): Promise<boolean> {
  const version = ruleSetVersion();
  const [current] = await engine.rows<{ version: string }>({
    sql: `
      SELECT argMax(version, loaded_at) AS version
      FROM tailrace.user_agent_rule_sets`,
  });
  if (current?.version === version) return false;
  // What builds the rules costs more time to load than a small question, and stores that have them do without.
  const { readRules } = await import('./rule-set.ts');
  for (const rules of portions(readRules())) {
    await engine.run({
      sql: `
        INSERT INTO tailrace.user_agent_rules (version, list, id, regexp, result)
        SELECT {version:String}, list, id, regexp, result
        FROM format(
          JSONEachRow,
          'list String, id UInt64, regexp String, result String',
          {rules:String}
        )`,
      params: { version, rules },
    });
  }
  await engine.run({
    sql: `
      INSERT INTO tailrace.user_agent_rule_sets (version, loaded_at)
      SELECT {version:String}, now64(3)`,
    params: { version },
  });
  for (const list of ruleLists) {
    await engine.run({ sql: `SYSTEM RELOAD DICTIONARY tailrace.user_agent_${list}` });
  }
  return true;
}

/** JSON lines of the rules, in texts that are small enough to be bound. */
function portions(rules: readonly RuleRow[]): string[] {
  const texts: string[] = [];
  let lines: string[] = [];
  let bytes = 0;
  for (const line of rules.map((rule) => JSON.stringify(rule))) {
    const length = Buffer.byteLength(line) + 1;
    if (bytes + length > maxParameterBytes && lines.length > 0) {
      texts.push(lines.join('\n'));
      lines = [];
      bytes = 0;
    }
    lines.push(line);
    bytes += length;
  }
  return [...texts, lines.join('\n')];
}
