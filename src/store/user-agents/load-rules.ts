import { join } from 'node:path';
import { builtProgram } from '../../engine/built-program.ts';
import type { Engine } from '../../engine/engine.ts';
import { ruleLists } from './rule-row.ts';
import { ruleSetVersion } from './rule-set-version.ts';

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
  // One that nobody has used yet loads what is there when somebody does.
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

/** The rules of `rule-set.ts`, one JSON object a line: to make them takes half a second, so the build does it. */
const builtRules = join(builtProgram, 'store/user-agents/rules.jsonl');
