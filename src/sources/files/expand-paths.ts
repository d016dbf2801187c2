import { readdir, realpath, stat } from 'node:fs/promises';
import { join } from 'node:path';
import { glob, isDynamicPattern } from 'tinyglobby';

/** A path that could not be used, and what to do about it. */
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
 * Turns what a person typed into files: a file, a folder (all files below it but hidden ones), or a glob. A file whose
 * name holds glob characters is taken as the file.
 */
export async function expandPaths(paths: readonly string[]): Promise<ExpandedPaths> {
  const files = new Set<string>();
  const unusable: UnusablePath[] = [];
  for (const path of paths) {
    try {
      const found = await expandPath(path);
      if (found.length === 0) unusable.push({ path, problem: 'no file is there; check the path or the pattern' });
      for (const file of found) files.add(file);
    } catch (cause) {
      unusable.push({ path, problem: explain(cause) });
    }
  }
  return { files: [...files].sort(), unusable };
}

async function expandPath(path: string): Promise<string[]> {
  const status = await stat(path).catch((cause: NodeJS.ErrnoException) => {
    if (cause.code === 'ENOENT' && isDynamicPattern(path)) return undefined;
    throw cause;
  });
  if (!status)
    return Promise.all((await glob(path, { absolute: true, onlyFiles: true })).map((file) => realpath(file)));
  if (status.isDirectory()) return filesBelow(await realpath(path));
  if (status.isFile()) return [await realpath(path)];
  throw new Error('it is neither a file nor a folder; pipe it into "tailrace ingest -" instead');
}

async function filesBelow(folder: string): Promise<string[]> {
  const entries = await readdir(folder, { withFileTypes: true });
  const visible = entries.filter((entry) => !entry.name.startsWith('.'));
  const nested = await Promise.all(
    visible.filter((entry) => entry.isDirectory()).map((entry) => filesBelow(join(folder, entry.name))),
  );
  return [...visible.filter((entry) => entry.isFile()).map((entry) => join(folder, entry.name)), ...nested.flat()];
}

function explain(cause: unknown): string {
  const { code, message } = cause as NodeJS.ErrnoException;
  if (code === 'ENOENT') return 'no such file or folder; check the path';
  if (code === 'EACCES' || code === 'EPERM')
    return 'no permission to read it; run as a user who may, or change its mode';
  return message;
}
