import { createHash, randomUUID } from 'node:crypto';
import { lstat, mkdir, readdir, rm } from 'node:fs/promises';
import { hostname, tmpdir, userInfo } from 'node:os';
import { join } from 'node:path';
import { isRunning, processStart } from '../engine/embedded/process-start.ts';
import type { StoreLocation } from '../engine/open-engine.ts';

/** The spool of this process alone, whose files must not outlive it. */
export interface ProcessSpool {
  readonly path: string;
  remove(): Promise<void>;
}

/**
 * Creates a spool for this process, and removes those that killed processes (`kill -9`) left. It is beside an embedded
 * store, where the engine may read; for a server it is in the system's temporary directory.
 * @throws Error when the parent of the temporary spools belongs to another user
 */
export async function makeProcessSpool(location: StoreLocation): Promise<ProcessSpool> {
  const base = 'directory' in location ? join(location.directory, 'spool') : await temporaryBase();
  await mkdir(base, { recursive: true, mode: 0o700 });
  for (const name of await readdir(base)) {
    if (!isOfLivingProcess(name)) await rm(join(base, name), { recursive: true, force: true });
  }
  // The name identifies the process, so that the owner of the folder is known at every moment.
  const path = join(base, `${process.pid}-${processMark(process.pid)}-${randomUUID()}`);
  await mkdir(path, { mode: 0o700 });
  return { path, remove: () => rm(path, { recursive: true, force: true }) };
}

/** Shared by all processes of this user and host, so that a later process finds what an earlier one left. */
async function temporaryBase(): Promise<string> {
  const base = join(tmpdir(), `tailrace-spool-${userInfo().username}-${hostname()}`);
  await mkdir(base, { mode: 0o700 }).catch((cause: NodeJS.ErrnoException) => {
    if (cause.code !== 'EEXIST') throw cause;
  });
  const found = await lstat(base);
  // Its name is predictable, and any user may create folders there.
  if (found.isDirectory() && found.uid === userInfo().uid && (found.mode & 0o077) === 0) return base;
  throw new Error(`cannot use "${base}": others can read it; remove it, or set TMPDIR to a folder of your own`);
}

function isOfLivingProcess(name: string): boolean {
  const [, pid, mark] = /^(\d+)-([0-9a-f]{16})-/.exec(name) ?? [];
  return pid !== undefined && mark === processMark(Number(pid)) && isRunning(Number(pid));
}

/** Distinguishes a process from a later one with the same pid, also in another container over the same folder. */
function processMark(pid: number): string {
  return createHash('sha256')
    .update(`${hostname()}\n${processStart(pid)}`)
    .digest('hex')
    .slice(0, 16);
}
