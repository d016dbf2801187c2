import { mkdir, mkdtemp, rm, symlink, writeFile } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { afterEach, beforeEach, expect, test } from 'vitest';
import { expandPaths } from './expand-paths.ts';
import { findFiles } from './find-files.ts';
import { FolderSearch, globFiles } from './folder-search.ts';

let root: string;

beforeEach(async () => {
  root = await mkdtemp(join(tmpdir(), 'tailrace-search-'));
});

afterEach(() => rm(root, { recursive: true, force: true }));

test('every folder that is opened is told of, over all patterns', async () => {
  await mkdir(join(root, 'a/b'), { recursive: true });
  await mkdir(join(root, '.hidden'));
  await writeFile(join(root, 'a/b/x.log'), 'x');
  const told: number[] = [];
  const { files, unusable } = await expandPaths([root, join(root, '**/*.log'), join(root, '**/y.log')], (folders) =>
    told.push(folders),
  );
  expect(files).toEqual([join(root, 'a/b/x.log')]);
  expect(told).toEqual(told.map((_, index) => index + 1));
  expect(unusable).toEqual([
    {
      path: join(root, '**/y.log'),
      problem: 'no file is there: 3 folders were searched; check the path or the pattern',
    },
  ]);
});

test('a store that lies beside the logs is not searched', async () => {
  await mkdir(join(root, 'tailrace-data/clickhouse'), { recursive: true });
  await writeFile(join(root, 'tailrace-data/users.xml'), '');
  await writeFile(join(root, 'tailrace-data/clickhouse/data.bin'), '');
  await writeFile(join(root, 'x.log'), 'x');
  for (const path of [root, join(root, '**/*')]) {
    expect((await expandPaths([path])).files, path).toEqual([join(root, 'x.log')]);
  }
  expect((await findFiles([root])).files.map(({ path }) => path)).toEqual([join(root, 'x.log')]);
});

test('no search crosses into folders of the kernel, and one that begins there looks', async () => {
  const search = new FolderSearch('/');
  expect(['/proc', '/proc/1/fd', '/sys', '/dev/shm'].map((folder) => search.opens(folder))).not.toContain(true);
  expect(['/', '/var', '/process', '/devices'].map((folder) => search.opens(folder))).not.toContain(false);
  expect(new FolderSearch('/dev/shm/logs').opens('/dev/shm/logs')).toBe(true);
  expect(new FolderSearch('/dev/shm/logs').opens('/proc')).toBe(false);
  const opened: string[] = [];
  const watched = new (class extends FolderSearch {
    override opens(folder: string): boolean {
      const isOpened = super.opens(folder);
      if (isOpened) opened.push(folder);
      return isOpened;
    }
  })('/', undefined, 2000);
  await globFiles('/{dev,proc,sys,tmp}/**/none-of-this-name', watched).catch(() => {});
  expect(opened).toContain('/tmp');
  expect(opened.filter((folder) => /^\/(?:dev|proc|sys)(?:\/|$)/.test(folder))).toEqual([]);
});

test('a search that finds no end is given up, with what to do about it', async () => {
  for (const name of ['a', 'b', 'c']) await symlink('.', join(root, name));
  for (let count = 0; count < 30; count++) await mkdir(join(root, `folder-${count}`));
  const search = new FolderSearch(root, undefined, 20);
  await expect(globFiles(join(root, '**/x'), search)).rejects.toThrow(
    /^more than 20 folders were searched; begin with a folder that has fewer below it$/,
  );
  expect(search.folders).toBe(20);
});

test('followed files are found below a folder, by a glob, and through a link', async () => {
  await mkdir(join(root, 'real/deep'), { recursive: true });
  await writeFile(join(root, 'real/deep/x.log'), 'x');
  await symlink('real', join(root, 'link'));
  for (const pattern of [join(root, 'link'), join(root, 'link/**/*.log')]) {
    const { files, problems } = await findFiles([pattern]);
    expect(problems).toEqual([]);
    expect(files.map(({ path }) => path)).toEqual([join(root, 'link/deep/x.log')]);
  }
});
