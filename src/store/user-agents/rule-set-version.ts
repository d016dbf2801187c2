import { createHash } from 'node:crypto';
import { readFileSync } from 'node:fs';
import { createRequire } from 'node:module';
import { dirname, join } from 'node:path';
import { builtProgram } from '../../engine/built-program.ts';

/**
 * Raise with every change of the code that turns these data into our rules; a test checks this.
 * Part of the version, because building all rows only to compare them would cost each start half a second.
 */
const translationRevision = 3;

/** The source files of the rules. */
export const ruleSources = {
  uapCore: join(builtProgram, 'store/user-agents/uap-core/rules.jsonl'),
  crawlers: createRequire(import.meta.url).resolve('crawler-user-agents'),
};

/** Identifies the rules without building them, e.g. `1.60.0.2.4f0c…`: version of crawlers' package, revision, hash. */
export function ruleSetVersion(): string {
  const { uapCore, crawlers } = ruleSources;
  const hash = createHash('sha256').update(readFileSync(uapCore)).update(readFileSync(crawlers)).digest('hex');
  return `${crawlersVersion()}.${translationRevision}.${hash.slice(0, 12)}`;
}

/** Read from beside the list, because crawler-user-agents does not export its manifest. */
function crawlersVersion(): string {
  const manifest = JSON.parse(readFileSync(join(dirname(ruleSources.crawlers), 'package.json'), 'utf8'));
  return String((manifest as { version?: unknown }).version);
}
