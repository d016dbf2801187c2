import { mkdtempSync, readFileSync, rmSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { openEngine } from '../src/engine/open-engine.ts';
import { userAgentSchema } from '../src/store/user-agents/dictionaries.ts';
import { userAgentColumns } from '../src/store/user-agents/expressions.ts';
import { loadRules } from '../src/store/user-agents/load-rules.ts';

/**
 * How many of the user agents in each file, one a line, are called bots:
 * `npx tsx scripts/measure-user-agents.ts [--bots | --people] FILE…`; with an option, those of them that are listed.
 */
const options = process.argv.slice(2);
const files = options.filter((option) => !option.startsWith('--'));
if (files.length === 0) throw new Error('cannot measure user agents: no FILE; name files with one user agent a line');

const directory = mkdtempSync(join(tmpdir(), 'tailrace-measure-'));
const engine = await openEngine({ directory });
try {
  for (const statement of userAgentSchema()) await engine.run(statement);
  await loadRules(engine);
  for (const file of files) await measure(file);
} finally {
  await engine.close();
  rmSync(directory, { recursive: true, force: true });
}

async function measure(file: string): Promise<void> {
  const lines = [...new Set(readFileSync(file, 'utf8').split('\n'))].filter((line) => line.trim() !== '');
  const { isBot, bot, botCategory } = userAgentColumns('userAgent');
  const answers = await engine.rows<{ text: string; isBot: number; bot: string; botCategory: string }>({
    sql: `
      SELECT userAgent AS text, ${isBot} AS isBot, ${bot} AS bot, ${botCategory} AS botCategory
      FROM (SELECT toLowCardinality(text) AS userAgent FROM format(JSONEachRow, 'text String', {lines:String}))`,
    params: { lines: lines.map((text) => JSON.stringify({ text })).join('\n') },
  });
  const bots = answers.filter((answer) => answer.isBot === 1);
  console.log(`${file}: ${bots.length} of ${lines.length} bots (${((100 * bots.length) / lines.length).toFixed(2)} %)`);
  if (options.includes('--bots'))
    for (const answer of bots) console.log(`  ${answer.bot} · ${answer.botCategory} · ${answer.text}`);
  if (options.includes('--people'))
    for (const answer of answers.filter((other) => other.isBot === 0)) console.log(`  ${answer.text}`);
}
