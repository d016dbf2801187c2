import { join } from 'node:path';
import { builtProgram } from '../../engine/built-program.ts';
import type { Engine } from '../../engine/engine.ts';
import { ruleLists } from './rule-row.ts';
import { ruleSetVersion } from './rule-set-version.ts';

/**
 * Loads the rules of the installed packages into the dictionaries, and returns whether they were not
 * loaded yet; if they were, it costs a small query. Must run after the statements of `userAgentSchema` and before the
 * first insert: a dictionary without rules does not load. Rules count once the row in `user_agent_rule_sets` marks them
 * as complete; leftovers of a killed process are stored again, and the views show each rule once.
 */
export async function loadRules(engine: Engine): Promise<boolean> {
  const version = ruleSetVersion();
  const [current] = await engine.rows<{ version: string }>({
    sql: `
      SELECT argMax(version, loaded_at) AS version
      FROM tailrace.user_agent_rule_sets`,
  });
  if (current?.version === version) return false;
  await engine.insertFrom({ kind: 'lines', files: [{ path: builtRules, gzip: false }] }, (source) => ({
    sql: `
      INSERT INTO tailrace.user_agent_rules (version, list, id, regexp, result)
      SELECT {version:String}, rule.list, rule.id, rule.regexp, rule.result
      FROM (
        SELECT JSONExtract(line, 'Tuple(list String, id UInt64, regexp String, result String)') AS rule
        FROM ${source}
      )`,
    params: { version },
  }));
  await engine.run({
    sql: `
      INSERT INTO tailrace.user_agent_rule_sets (version, loaded_at)
      SELECT {version:String}, now64(3)`,
    params: { version },
  });
  // An unused dictionary loads the current rules at its first use.
  const loaded = await engine.rows<{ name: string }>({
    sql: `
      SELECT name FROM system.dictionaries
      WHERE database = 'tailrace' AND name IN {names:Array(String)} AND status != 'NOT_LOADED'`,
    params: { names: ruleLists.map((list) => `user_agent_${list}`) },
  });
  for (const { name } of loaded) {
    await engine.run({ sql: 'SYSTEM RELOAD DICTIONARY {name:Identifier}', params: { name } });
  }
  return true;
}

/** The rules of `rule-set.ts`, one JSON object per line; the build makes them, because it takes half a second. */
const builtRules = join(builtProgram, 'store/user-agents/rules.jsonl');
