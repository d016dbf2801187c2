import { createHash } from 'node:crypto';
import { readFileSync } from 'node:fs';
import { createRequire } from 'node:module';
import { dirname, join } from 'node:path';
import { z } from 'zod';
import { parseBotRules } from './bots/bot-rules.ts';
import { deviceClassRules } from './device-class-rules.ts';
import type { RuleRow } from './rule-row.ts';
import { parseUapCoreRules } from './uap-core-rules.ts';

/**
 * To be raised with every change of the code that turns these data into our rules; a test notices when it was not.
 * It is part of the version, because building all rows only to compare them would cost each start half a second.
 */
const translationRevision = 3;

const uapCore = new URL('uap-core/rules.jsonl', import.meta.url);
const crawlers = createRequire(import.meta.url).resolve('crawler-user-agents');

/** Names the rules without building them, e.g. `1.60.0.2.4f0c…`: version of the crawlers' package, revision, hash. */
export function ruleSetVersion(): string {
  const hash = createHash('sha256').update(readFileSync(uapCore)).update(readFileSync(crawlers)).digest('hex');
  return `${crawlersVersion()}.${translationRevision}.${hash.slice(0, 12)}`;
}

/** Reads uap-core's rules and those of the installed package `crawler-user-agents`, about 2,800. */
export function readRules(): RuleRow[] {
  return [
    ...parseUapCoreRules(readFileSync(uapCore, 'utf8')),
    ...deviceClassRules,
    ...parseBotRules(JSON.parse(readFileSync(crawlers, 'utf8'))),
  ];
}

/** The manifest lies beside the list, and crawler-user-agents does not export it. */
function crawlersVersion(): string {
  const manifest = readFileSync(join(dirname(crawlers), 'package.json'), 'utf8');
  return z.object({ version: z.string() }).parse(JSON.parse(manifest)).version;
}
