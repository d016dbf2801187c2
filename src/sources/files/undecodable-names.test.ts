import { mkdirSync, mkdtempSync, realpathSync, rmSync, symlinkSync, writeFileSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { afterEach, beforeEach, describe, expect, it } from 'vitest';
import { expandPaths } from './expand-paths.ts';
import { createFilesSource } from './files-source.ts';
import { findFiles } from './find-files.ts';

let root: string;
const bytes = (name: string) => Buffer.concat([Buffer.from(`${root}/`), Buffer.from(name, 'latin1')]);

/** macOS has no such names: its file systems refuse them. */
const hasSuchNames = process.platform === 'linux';

beforeEach(() => {
  root = realpathSync(mkdtempSync(join(tmpdir(), 'tailrace-names-')));
  if (!hasSuchNames) return;
  writeFileSync(join(root, 'caf\u00e9.log'), 'x');
  writeFileSync(bytes('caf\xe9.log'), 'x');
  writeFileSync(bytes('caf\xe8.log'), 'x');
  writeFileSync(bytes('other\xff.txt'), 'x');
  mkdirSync(bytes('dir\xe9'));
  writeFileSync(bytes('dir\xe9/below.log'), 'x');
  symlinkSync('caf\u00e9.log', bytes('link\xe9.log'));
});
afterEach(() => rmSync(root, { recursive: true }));

/** The names in a text, parsed like a shell. */
const named = (texts: readonly string[]) => texts.map((text) => /\$'.*?'/.exec(text)?.[0]).sort();
const quoted = (...names: readonly string[]) => names.map((name) => `$'${root}/${name}'`).sort();

describe.skipIf(!hasSuchNames)('a name that is not UTF-8 is told, each of them, and never skipped (Linux)', () => {
  const logs = ['caf\\xe9.log', 'caf\\xe8.log'];

  it.each([
    ['a folder', '', [...logs, 'other\\xff.txt', 'dir\\xe9', 'link\\xe9.log']],
    ['all below', '/**', [...logs, 'other\\xff.txt', 'dir\\xe9', 'link\\xe9.log']],
    ['a glob, what it leads to', '/*.log', [...logs, 'link\\xe9.log']],
    ['a glob of one', '/caf*', logs],
  ])('%s', async (_, pattern, names) => {
    const { files, unusable } = await expandPaths([root + pattern]);
    expect(files).toEqual([join(root, 'caf\u00e9.log')]);
    expect(named(unusable.map(({ problem }) => problem))).toEqual(quoted(...names));

    const found = await findFiles([root + pattern]);
    expect(found.files.map(({ path }) => path)).toEqual([join(root, 'caf\u00e9.log')]);
    expect(named(found.problems)).toEqual(quoted(...names));
    const source = createFilesSource({ pipeline: 'app', paths: [root + pattern], startFrom: 'beginning' });
    expect(named(await source.check(new AbortController().signal))).toEqual(quoted(...names));
  });

  it('one that was typed, which Node shows as another', async () => {
    const { unusable } = await expandPaths([join(root, 'caf\ufffd.log')]);
    expect(unusable).toEqual([{ path: join(root, 'caf\ufffd.log'), problem: expect.stringMatching(/not UTF-8/) }]);
  });
});
