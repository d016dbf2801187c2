import { readdir, readFile, stat, writeFile } from 'node:fs/promises';
import { join } from 'node:path';
import { gunzipSync } from 'node:zlib';
import { groupBy } from '../../src/ledger/group-by.ts';

const start = '<!-- files of simulated-edge, written by scripts/make-example-logs.ts -->';
const end = '<!-- end of files -->';

/**
 * Brings the list of the simulated edge's files in README.md up to date.
 * @throws Error when README.md lacks the place for it
 */
export async function listFiles(directory: string): Promise<void> {
  const readme = join(directory, 'README.md');
  const text = await readFile(readme, 'utf8');
  const [before, , after] = text.split(new RegExp(`(?<=${start})([^]*)(?=${end})`));
  if (before === undefined || after === undefined)
    throw new Error(`cannot list files in "${readme}": it lacks "${start}"; put it back`);
  const names = (await readdir(join(directory, 'simulated-edge'))).sort();
  const days = groupBy(names, (name) => name.split('.')[1]?.slice(0, 10) ?? '');
  const lists = await Promise.all(
    [...days].map(
      async ([day, ofDay]) =>
        `${day}:\n\n${(await Promise.all(ofDay.map((name) => item(directory, name)))).join('\n')}`,
    ),
  );
  await writeFile(readme, `${before}\n\n${lists.join('\n\n')}\n\n${after}`);
}

async function item(directory: string, name: string): Promise<string> {
  const path = join(directory, 'simulated-edge', name);
  const { size } = await stat(path);
  const rows = gunzipSync(await readFile(path))
    .toString('latin1')
    .split('\n')
    .filter((line) => line !== '' && !line.startsWith('#')).length;
  return `- \`${name}\`: ${rows} lines, ${size} bytes`;
}
