import { realpath, stat } from 'node:fs/promises';
import { join, resolve } from 'node:path';
import { promisify } from 'node:util';
import { isDynamicPattern } from 'tinyglobby';
import { readFolder, undecodable } from './file-names.ts';
import { commonStart, folderOf } from './find-files.ts';
import { FolderSearch, globFiles } from './folder-search.ts';

/** A path that could not be used, with a remedy. */
export interface UnusablePath {
  readonly path: string;
  readonly problem: string;
}

export interface ExpandedPaths {
  /** Absolute paths of regular files, symbolic links resolved, each once, sorted. */
  readonly files: readonly string[];
  readonly unusable: readonly UnusablePath[];
}

/**
 * Expands command-line arguments to files: a file, a folder (all files below it but hidden ones), or a glob. A file
 * whose name contains glob characters is used as a file.
 *
 * @param onFolder called for each searched folder with the number of folders so far
 */
export async function expandPaths(
  paths: readonly string[],
  onFolder: (folders: number) => void = () => {},
): Promise<ExpandedPaths> {
  const files = new Set<string>();
  const unusable: UnusablePath[] = [];
  let before = 0;
  for (const path of paths) {
    try {
      const start = folderOf(await commonStart(resolve(path)));
      const search = new FolderSearch(start, (folders) => onFolder(before + folders));
      const found = await expandPath(path, search);
      before += search.folders;
      for (const name of [...search.undecodable].sort()) unusable.push({ path, problem: undecodable(name) });
      if (found.length + search.undecodable.size === 0) unusable.push({ path, problem: nothingFound(search) });
      for (const file of found) files.add(file);
    } catch (cause) {
      unusable.push({ path, problem: explain(cause, path) });
    }
  }
  return { files: [...files].sort(), unusable };
}

function nothingFound({ folders }: FolderSearch): string {
  const searched = `${folders.toLocaleString('en')} ${folders === 1 ? 'folder was' : 'folders were'} searched`;
  return `no file is there: ${searched}; check the path or the pattern`;
}

async function expandPath(path: string, search: FolderSearch): Promise<string[]> {
  const status = await stat(path).catch((cause: NodeJS.ErrnoException) => {
    if (cause.code === 'ENOENT' && isDynamicPattern(path)) return undefined;
    throw cause;
  });
  if (!status) return Promise.all((await globFiles(resolve(path), search)).map((file) => realpath(file)));
  if (status.isDirectory()) return filesBelow(await realpath(path), search);
  if (status.isFile()) return [await realpath(path)];
  throw new Error('it is neither a file nor a folder; pipe it into "tailrace ingest -" instead');
}

async function filesBelow(start: string, search: FolderSearch): Promise<string[]> {
  const files: string[] = [];
  const folders = [start];
  for (let folder = folders.pop(); folder !== undefined; folder = folders.pop()) {
    if (!search.opens(folder)) continue;
    for (const entry of await promisify(readFolder)(folder)) {
      if (entry.name.startsWith('.')) continue;
      if (entry.isDirectory()) folders.push(join(folder, entry.name));
      else if (entry.isFile()) files.push(join(folder, entry.name));
    }
  }
  search.check();
  return search.decoded(files);
}

/** Node's replacement for bytes that are not UTF-8 in command-line arguments. */
const unreadableCharacter = '\ufffd';

function explain(cause: unknown, path: string): string {
  const { code, message } = cause as NodeJS.ErrnoException;
  if (code === 'ENOENT' && path.includes(unreadableCharacter)) {
    return 'no such file or folder: its name is not UTF-8, as it seems; rename it';
  }
  if (code === 'ENOENT') return 'no such file or folder; check the path';
  if (code === 'EACCES' || code === 'EPERM')
    return 'no permission to read it; run as a user who may, or change its mode';
  return message;
}
