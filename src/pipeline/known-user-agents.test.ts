import { afterAll, beforeAll, expect, test } from 'vitest';
import { ingestFiles } from './ingest-files.ts';
import { header, lines, ScratchStore } from './test-doubles/scratch-store.ts';

let scratch: ScratchStore;

beforeAll(async () => {
  scratch = await ScratchStore.open();
});

afterAll(() => scratch?.close());

/** Stores a line with this user agent, and returns what its row says. */
async function store(name: string, userAgent: string): Promise<unknown> {
  const log = `${header.trimEnd()} cs(User-Agent)\n${lines(1, name).trimEnd()}\t${userAgent}\n`;
  const path = scratch.file(name, log);
  await ingestFiles(scratch.store, [path]);
  const [row] = await scratch.store.engine.rows({
    sql: 'SELECT browser, bot FROM requests WHERE filename = {name:String}',
    params: { name },
  });
  return row;
}

async function loadedRules(): Promise<string[]> {
  const loaded = await scratch.store.engine.rows<{ name: string }>({
    sql: `
      SELECT name FROM system.dictionaries
      WHERE name LIKE 'user\\_agent\\_%' AND status != 'NOT_LOADED' ORDER BY name`,
  });
  return loaded.map(({ name }) => name);
}

test('the rules are not loaded for user agents that are known, and are for a new one', async () => {
  await scratch.store.engine.run({
    sql: `
      INSERT INTO known_user_agents (rules, user_agent, answer, seen_at)
      SELECT argMax(version, loaded_at), 'Known/1', arrayStringConcat(['Told', '1', '', '', '', '', '1', 'Bot', ''], '\\x1f'), now()
      FROM user_agent_rule_sets`,
  });
  await scratch.store.refresh();
  expect(await store('known', 'Known/1')).toEqual({ browser: 'Told', bot: 'Bot' });
  expect(await loadedRules()).toEqual([]);
  expect(await store('new', 'curl/8.5.1')).toEqual({ browser: 'curl', bot: 'curl' });
  expect(await loadedRules()).toContain('user_agent_browser');
});
