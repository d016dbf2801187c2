import { mkdir, mkdtemp, readdir, rm } from 'node:fs/promises';
import { join } from 'node:path';

/** Folders of this process: in a container, the one before it had the same number. */
const own = new Set<string>();

/**
 * Makes a folder for downloads, with this process's number in its name, and removes those that ended processes left.
 * @returns its path
 */
export async function makeSpoolFolder(directory: string): Promise<string> {
  await mkdir(directory, { recursive: true });
  for (const name of await readdir(directory)) {
    const [, id] = /^s3-(\d+)-\w+$/.exec(name) ?? [];
    const path = join(directory, name);
    if (id !== undefined && !own.has(path) && (Number(id) === process.pid || !isRunning(Number(id)))) {
      await rm(path, { recursive: true, force: true });
    }
  }
  const path = await mkdtemp(join(directory, `s3-${process.pid}-`));
  own.add(path);
  return path;
}

function isRunning(id: number): boolean {
  try {
    process.kill(id, 0);
    return true;
  } catch (error) {
    return (error as NodeJS.ErrnoException).code === 'EPERM';
  }
}
