import { mkdtemp, rmdir } from 'node:fs/promises';
import { join } from 'node:path';
import { explainFolderFault, nearestExisting } from './folder-fault.ts';

/** Whether files could be written to a folder, which may be missing. Leaves nothing behind. @returns problems with remedies */
export async function probeFolder(path: string): Promise<readonly string[]> {
  const existing = await nearestExisting(path);
  try {
    await rmdir(await mkdtemp(join(existing, '.tailrace-check-')));
    return [];
  } catch (cause) {
    return [explainFolderFault(existing, cause).message];
  }
}
