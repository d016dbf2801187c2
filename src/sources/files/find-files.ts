import { constants } from 'node:fs';
import { access, stat } from 'node:fs/promises';
import { sep } from 'node:path';
import { isDynamicPattern } from 'tinyglobby';
import { undecodable } from './file-names.ts';
import { FolderSearch, globFiles } from './folder-search.ts';

/** A regular file that matches a pattern. */
export interface FoundFile {
  /** Path that matches the pattern; symbolic links are not resolved, so it starts like the pattern. */
  readonly path: string;
  /** Device and inode, which a rename does not change. */
  readonly key: string;
  readonly bytes: number;
  readonly modifiedMs: number;
}

export interface FoundFiles {
  /** Each file once, even when it has several names. */
  readonly files: readonly FoundFile[];
  /** Patterns that currently cannot be used, and why. */
  readonly problems: readonly string[];
}

/** Finds the current files of the paths: files, everything but hidden files in folders, globs. */
export async function findFiles(paths: readonly string[]): Promise<FoundFiles> {
  const files = new Map<string, FoundFile>();
  const problems: string[] = [];
  for (const pattern of paths) {
    try {
      const { paths: found, undecodable: names } = await pathsOf(pattern);
      for (const file of await Promise.all(found.sort().map(lookAt))) {
        if (file && !files.has(file.key)) files.set(file.key, file);
      }
      problems.push(...names.map((name) => `cannot follow "${pattern}": ${undecodable(name)}`));
    } catch (cause) {
      problems.push(`cannot follow "${pattern}": ${explain(cause)}`);
    }
  }
  return { files: [...files.values()], problems };
}

/** The fixed prefix of a pattern, with which all its matches begin. */
export async function commonStart(pattern: string): Promise<string> {
  const status = await stat(pattern).catch(() => undefined);
  if (status?.isFile()) return pattern;
  if (status?.isDirectory()) return pattern.endsWith(sep) ? pattern : pattern + sep;
  const segments = pattern.split(sep);
  const dynamic = segments.findIndex((segment) => isDynamicPattern(segment));
  return dynamic === -1 ? pattern : segments.slice(0, dynamic).join(sep) + sep;
}

/** @returns undefined when it is gone, or not a regular file */
export async function lookAt(path: string): Promise<FoundFile | undefined> {
  const status = await stat(path, { bigint: true }).catch(() => undefined);
  if (!status?.isFile()) return undefined;
  const { dev, ino, size, mtimeMs } = status;
  return { path, key: `${dev}:${ino}`, bytes: Number(size), modifiedMs: Number(mtimeMs) };
}

async function pathsOf(pattern: string): Promise<{ paths: string[]; undecodable: string[] }> {
  const status = await stat(pattern).catch((cause: NodeJS.ErrnoException) => {
    if (cause.code === 'ENOENT') return undefined;
    throw cause;
  });
  if (status?.isFile()) return { paths: [pattern], undecodable: [] };
  if (status && !status.isDirectory())
    throw new Error('it is neither a file nor a folder; name a file, folder or glob');
  const folder = status ? pattern : folderOf(await commonStart(pattern));
  await access(folder, constants.R_OK | constants.X_OK);
  const search = new FolderSearch(folder);
  const paths = await globFiles(status ? '**/*' : pattern, search);
  return { paths, undecodable: [...search.undecodable].sort() };
}

/** With a trailing slash. */
export function folderOf(path: string): string {
  return path.slice(0, path.lastIndexOf('/') + 1);
}

export function explain(cause: unknown): string {
  const { code, message } = cause as NodeJS.ErrnoException;
  if (code === 'ENOENT') return 'no such file or folder; check the path';
  if (code === 'EACCES' || code === 'EPERM')
    return 'no permission to read it; run as a user who may, or change its mode';
  if (code === 'EMFILE' || code === 'ENFILE') return 'too many open files; raise the limit (ulimit -n)';
  return message;
}
