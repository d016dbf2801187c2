import { readFileSync } from 'node:fs';
import { parseBotRules } from './bots/bot-rules.ts';
import { deviceClassRules } from './device-class-rules.ts';
import type { RuleRow } from './rule-row.ts';
import { ruleSources } from './rule-set-version.ts';
import { parseUapCoreRules } from './uap-core-rules.ts';

/** Reads uap-core's rules and those of the installed package `crawler-user-agents`, about 2,800. */
export function readRules(): RuleRow[] {
  return [
    ...parseUapCoreRules(readFileSync(ruleSources.uapCore, 'utf8')),
    ...deviceClassRules,
    ...parseBotRules(JSON.parse(readFileSync(ruleSources.crawlers, 'utf8'))),
  ];
}
