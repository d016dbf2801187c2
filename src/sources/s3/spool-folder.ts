import { mkdir, mkdtemp } from 'node:fs/promises';
import { join } from 'node:path';

/** Creates a folder for downloads. @param directory used by this process alone @returns its path */
export async function makeSpoolFolder(directory: string): Promise<string> {
  await mkdir(directory, { recursive: true });
  return mkdtemp(join(directory, 's3-'));
}
