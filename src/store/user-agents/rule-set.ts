import { createHash } from 'node:crypto';
import { readFileSync } from 'node:fs';
import { createRequire } from 'node:module';
import { dirname, join } from 'node:path';
import { z } from 'zod';
import { parseCrawlerRules } from './crawler-rules.ts';
import { deviceClassRules } from './device-class-rules.ts';
import type { RuleRow } from './rule-row.ts';
import { parseUapCoreRules } from './uap-core-rules.ts';

/**
 * To be raised with every change of the code that turns the packages' rules into ours; a test notices when it was not.
 * It is part of the version, because building all rows only to compare them would cost each start half a second.
 */
export const translationRevision = 1;

const require = createRequire(import.meta.url);
const uapCore = require.resolve('uap-core/regexes.yaml');
const crawlers = require.resolve('crawler-user-agents');

/** Names the rules without building them, e.g. `0.18.0+1.60.0.1.4f0c…`: both packages' versions, revision, hash. */
export function ruleSetVersion(): string {
  const hash = createHash('sha256').update(readFileSync(uapCore)).update(readFileSync(crawlers)).digest('hex');
  return `${packageVersion(uapCore)}+${packageVersion(crawlers)}.${translationRevision}.${hash.slice(0, 12)}`;
}

/** Reads the rules of the installed packages `uap-core` and `crawler-user-agents`, about 2,700, in half a second. */
export function readRules(): RuleRow[] {
  return [
    ...parseUapCoreRules(readFileSync(uapCore, 'utf8')),
    ...deviceClassRules,
    ...parseCrawlerRules(JSON.parse(readFileSync(crawlers, 'utf8'))),
  ];
}

/** Both files lie beside their package's manifest, which crawler-user-agents does not export. */
function packageVersion(file: string): string {
  const manifest = readFileSync(join(dirname(file), 'package.json'), 'utf8');
  return z.object({ version: z.string() }).parse(JSON.parse(manifest)).version;
}
