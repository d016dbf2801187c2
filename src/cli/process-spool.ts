import { createHash, randomUUID } from 'node:crypto';
import { lstat, mkdir, readdir, rm } from 'node:fs/promises';
import { hostname, tmpdir, userInfo } from 'node:os';
import { join } from 'node:path';
import { processStart } from '../engine/embedded/process-start.ts';
import type { StoreLocation } from '../engine/open-engine.ts';

/** A folder of this process alone, for bytes on their way that must not outlive it. */
export interface ProcessSpool {
  readonly path: string;
  remove(): Promise<void>;
}

/**
 * Makes a folder for this process, and removes those of processes that ended without doing so, e.g. by `kill -9`. It is
 * beside an embedded store, whose engine may read there; for a server it is among the temporary files.
 * @throws Error when another user has the place of the temporary folders
 */
export async function makeProcessSpool(location: StoreLocation): Promise<ProcessSpool> {
  const base = 'directory' in location ? join(location.directory, 'spool') : await temporaryBase();
  await mkdir(base, { recursive: true, mode: 0o700 });
  for (const name of await readdir(base)) {
    if (!isOfLivingProcess(name)) await rm(join(base, name), { recursive: true, force: true });
  }
  // The process is in the name, so that the folder says at every moment whose it is.
  const path = join(base, `${process.pid}-${processMark(process.pid)}-${randomUUID()}`);
  await mkdir(path, { mode: 0o700 });
  return { path, remove: () => rm(path, { recursive: true, force: true }) };
}

/** One for all processes of this user and host, where a later process finds what an earlier one left. */
async function temporaryBase(): Promise<string> {
  const base = join(tmpdir(), `tailrace-spool-${userInfo().username}-${hostname()}`);
  await mkdir(base, { mode: 0o700 }).catch((cause: NodeJS.ErrnoException) => {
    if (cause.code !== 'EEXIST') throw cause;
  });
  const found = await lstat(base);
  // Its name is known, and everybody may make folders there.
  if (found.isDirectory() && found.uid === userInfo().uid && (found.mode & 0o077) === 0) return base;
  throw new Error(`cannot use "${base}": others can read it; remove it, or set TMPDIR to a folder of your own`);
}

function isOfLivingProcess(name: string): boolean {
  const [, pid, mark] = /^(\d+)-([0-9a-f]{16})-/.exec(name) ?? [];
  return pid !== undefined && mark === processMark(Number(pid)) && isRunning(Number(pid));
}

/** Tells a process apart from a later one that has its pid, also in another container over the same folder. */
function processMark(pid: number): string {
  return createHash('sha256')
    .update(`${hostname()}\n${processStart(pid)}`)
    .digest('hex')
    .slice(0, 16);
}

function isRunning(pid: number): boolean {
  try {
    process.kill(pid, 0);
    return true;
  } catch (cause) {
    return (cause as NodeJS.ErrnoException).code === 'EPERM';
  }
}
