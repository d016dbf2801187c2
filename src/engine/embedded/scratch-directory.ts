import { accessSync, constants, mkdirSync, mkdtempSync, readdirSync, rmSync } from 'node:fs';
import { join } from 'node:path';
import { isRunning } from './process-start.ts';

const memoryDirectory = '/dev/shm';
const prefix = 'tailrace-links-';

/**
 * A directory for links that last for one INSERT. In memory if the system has such a place: thousands of links
 * take 0.2 s there, and many seconds on a disk that is busy with the previous INSERT.
 *
 * @param fallback a directory of the store, for systems without one
 */
export function openScratchDirectory(fallback: string): string {
  rmSync(fallback, { recursive: true, force: true });
  try {
    accessSync(memoryDirectory, constants.W_OK | constants.X_OK);
    removeOrphans();
    return mkdtempSync(join(memoryDirectory, `${prefix}${process.pid}-`));
  } catch {
    mkdirSync(fallback, { recursive: true });
    return fallback;
  }
}

/** Removes directories of killed processes. */
function removeOrphans(): void {
  for (const name of readdirSync(memoryDirectory)) {
    if (!name.startsWith(prefix)) continue;
    const pid = Number.parseInt(name.slice(prefix.length), 10);
    if (Number.isNaN(pid) || isRunning(pid)) continue;
    try {
      rmSync(join(memoryDirectory, name), { recursive: true, force: true });
    } catch {
      // Another user's.
    }
  }
}
