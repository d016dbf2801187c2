import { readdir, stat } from 'node:fs/promises';
import { join } from 'node:path';

/** Size of all files below a directory; one that is removed meanwhile counts nothing. */
export async function directoryBytes(directory: string): Promise<number> {
  let bytes = 0;
  for (const entry of await readdir(directory, { recursive: true, withFileTypes: true })) {
    if (entry.isFile()) bytes += (await stat(join(entry.parentPath, entry.name)).catch(() => ({ size: 0 }))).size;
  }
  return bytes;
}
