import { execFileSync } from 'node:child_process';
import { closeSync, mkdirSync, openSync, rmSync, statfsSync, writeSync } from 'node:fs';
import { join } from 'node:path';
import { onTestFinished } from 'vitest';

const fillerName = 'filler';
const chunk = Buffer.alloc(1024 * 1024);

/** A small file system in memory, to be filled. Throws where mounting it is not permitted. */
export function mountSmallDisk(parent: string, megabytes: number): string {
  const folder = join(parent, 'small-disk');
  mkdirSync(folder);
  execFileSync('mount', ['-t', 'tmpfs', '-o', `size=${megabytes}m`, 'tmpfs', folder], { stdio: 'pipe' });
  // Before the folder is removed, which happens in the reverse order of asking for it.
  onTestFinished(() => void execFileSync('umount', ['-l', folder], { stdio: 'pipe' }));
  return folder;
}

/** Why a small disk cannot be mounted here; undefined when it can. */
export function whyNoSmallDisk(): string | undefined {
  try {
    execFileSync('unshare', ['--mount', 'mount', '-t', 'tmpfs', 'tmpfs', '/mnt'], { stdio: 'pipe' });
    return undefined;
  } catch {
    return 'this user or container may not mount a tmpfs';
  }
}

/** Fills the disk except for so many megabytes; with 0 nothing more can be written at all. */
export function fillDisk(folder: string, leaveMegabytes: number): void {
  const { bavail, bsize } = statfsSync(folder);
  const file = openSync(join(folder, fillerName), 'w');
  const megabytes = Math.floor((bavail * bsize) / chunk.length) - leaveMegabytes;
  for (let written = 0; written < megabytes; written++) writeSync(file, chunk);
  if (leaveMegabytes === 0) writeToTheEnd(file);
  closeSync(file);
}

function writeToTheEnd(file: number): void {
  try {
    for (;;) writeSync(file, chunk.subarray(0, 1024));
  } catch (cause) {
    if ((cause as NodeJS.ErrnoException).code !== 'ENOSPC') throw cause;
  }
}

export function freeDisk(folder: string): void {
  rmSync(join(folder, fillerName));
}
