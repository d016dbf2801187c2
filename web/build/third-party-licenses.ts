import { readdirSync, readFileSync } from 'node:fs';
import { join } from 'node:path';
import type { Plugin, Rollup } from 'vite';

export const licensesFile = 'third-party-licenses.txt';

/**
 * Writes the licences of every package with code in the bundle, as those licences require.
 *
 * @param holder of the code, with its verb, e.g. `The pages of Tailrace hold`
 */
export function thirdPartyLicenses(holder: string): Plugin {
  return {
    name: 'third-party-licenses',
    generateBundle(_options, bundle) {
      this.emitFile({ type: 'asset', fileName: licensesFile, source: printLicenses(holder, bundle) });
    },
  };
}

function printLicenses(holder: string, bundle: Rollup.OutputBundle): string {
  const folders = new Set<string>();
  for (const file of Object.values(bundle)) {
    if (file.type !== 'chunk') continue;
    for (const id of file.moduleIds) {
      const folder = packageFolder(id);
      if (folder !== undefined) folders.add(folder);
    }
  }
  const parts = [...folders].sort().map(printPackage);
  return `${holder} code of these packages.\n\n${parts.join('\n')}`;
}

/** `/…/node_modules/react-dom/client.js` → `/…/node_modules/react-dom` */
function packageFolder(moduleId: string): string | undefined {
  return /^[^\0].*\/node_modules\/(?:@[^/]+\/)?[^/]+(?=\/)/.exec(moduleId)?.[0];
}

/** LICENSE and NOTICE, and the licences of code that a package itself has copied, which some keep in a folder. */
const legalFile = /^(?:licen[cs]e|notice|copying|copyright)/i;

function printPackage(folder: string): string {
  const { name, version, license } = JSON.parse(readFileSync(join(folder, 'package.json'), 'utf8'));
  const texts = legalFiles(folder).map((file) => `--- ${file}\n\n${readFileSync(join(folder, file), 'utf8').trim()}\n`);
  if (texts.length === 0) throw new Error(`cannot find a licence in "${folder}"; add one to ${import.meta.filename}`);
  return `${'='.repeat(80)}\n${name} ${version} (${license})\n\n${texts.join('\n')}`;
}

function legalFiles(folder: string): string[] {
  const found = readdirSync(folder, { withFileTypes: true }).filter(({ name }) => legalFile.test(name));
  return found.flatMap((entry) => {
    if (entry.isFile()) return [entry.name];
    return readdirSync(join(folder, entry.name)).map((name) => join(entry.name, name));
  });
}
