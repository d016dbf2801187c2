import { stat } from 'node:fs/promises';
import { dirname } from 'node:path';

const causes: Readonly<Record<string, string>> = {
  EACCES: 'this user may not write there; change its owner or its mode',
  EPERM: 'this user may not write there; change its owner or its mode',
  EROFS: 'its file system is read-only; name another folder',
  ENOSPC: 'the disk is full; free some space',
  EDQUOT: 'the quota of this user is used up; free some space',
  ENOTDIR: 'a part of its path is a file; name another folder',
  EEXIST: 'it is a file; name another folder',
  ENOENT: 'it is gone; create it again',
};

/** A failure of the file system with its remedy; any other failure is returned as it is. */
export function explainFolderFault(path: string, cause: unknown): Error {
  const { code, syscall, message } = cause as NodeJS.ErrnoException;
  if (syscall === undefined || code === undefined) return cause as Error;
  return new Error(`cannot write to "${path}": ${causes[code] ?? `${message}; check the folder and its disk`}`, {
    cause,
  });
}

export async function nearestExisting(path: string): Promise<string> {
  try {
    await stat(path);
    return path;
  } catch {
    return path === dirname(path) ? path : nearestExisting(dirname(path));
  }
}
