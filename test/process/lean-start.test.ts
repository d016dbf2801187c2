import { readFileSync } from 'node:fs';
import { join } from 'node:path';
import { pathToFileURL } from 'node:url';
import { expect, test } from 'vitest';
import { runProgram } from './program.ts';
import { makeScratchFolder } from './scratch-folder.ts';

/** Files that a command loads before it does anything, without those of Node itself. */
async function loadedFiles(command: string): Promise<string[]> {
  const list = join(makeScratchFolder(), 'modules');
  const preload = pathToFileURL(join(import.meta.dirname, 'list-modules.mjs'));
  const wrapper = ['env', `LISTED_MODULES=${list}`, `NODE_OPTIONS=--import=${preload}`];
  expect(await runProgram([command, '--help'], { wrapper })).toMatchObject({ code: 0, stderr: '' });
  return readFileSync(list, 'utf8')
    .split('\n')
    .filter((url) => url.startsWith('file:') && !url.endsWith('/list-modules.mjs'));
}

test.each([
  ['version', 8],
  ['query', 40],
  ['ingest', 66],
  ['report', 62],
])('%s loads few files, and no package but those that find files', async (command, most) => {
  const files = await loadedFiles(command);
  const packages = files.flatMap((url) => /\/node_modules\/((?:@[^/]+\/)?[^/]+)/.exec(url)?.[1] ?? []);
  expect(packages.filter((name) => !['tinyglobby', 'fdir', 'picomatch'].includes(name))).toEqual([]);
  expect(files.length).toBeLessThanOrEqual(most);
});
