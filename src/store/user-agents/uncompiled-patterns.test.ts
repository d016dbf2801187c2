import { mkdtempSync, readFileSync, rmSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { gunzipSync } from 'node:zlib';
import { expect, onTestFinished, test } from 'vitest';
import { parse } from 'yaml';
import type { EngineTask } from '../../engine/engine.ts';
import { openStore } from '../open-store.ts';
import { userAgentColumns } from './expressions.ts';

const corpora = new URL('../../../test/corpora/uap-core/', import.meta.url);
const userAgents = ['test_os', 'podcasting_user_agent_strings'].flatMap((name) => {
  const text = gunzipSync(readFileSync(new URL(`${name}.yaml.gz`, corpora))).toString();
  const { test_cases: cases } = parse(text) as { test_cases: { user_agent_string: string }[] };
  return cases.map((one) => one.user_agent_string);
});

test('few lines get the answers that many get, whose patterns are compiled', async () => {
  const directory = mkdtempSync(join(tmpdir(), 'tailrace-uncompiled-'));
  onTestFinished(() => rmSync(directory, { recursive: true }));
  const answers = async (task: EngineTask) => {
    const store = await openStore({ directory }, { task });
    const columns = Object.entries(userAgentColumns('ua')).map(([name, sql]) => `${sql} AS ${name}`);
    const found = await store.engine.rows({
      sql: `SELECT ${columns.join(', ')} FROM (SELECT toLowCardinality(arrayJoin({userAgents:Array(String)})) AS ua)`,
      params: { userAgents },
    });
    const [compiled] = await store.engine.rows<{ is: string }>({
      sql: `SELECT value AS is FROM system.settings WHERE name = 'regexp_dict_allow_hyperscan'`,
    });
    await store.close();
    return { found, isCompiled: compiled?.is !== '0' };
  };
  const few = await answers('few lines');
  const many = await answers('many lines');
  expect([few.isCompiled, many.isCompiled]).toEqual([false, true]);
  expect(few.found.length).toBe(userAgents.length);
  expect(few.found).toEqual(many.found);
});
