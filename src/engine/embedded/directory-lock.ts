import { randomUUID } from 'node:crypto';
import { linkSync, readFileSync, renameSync, rmSync, writeFileSync } from 'node:fs';
import { hostname } from 'node:os';
import { join } from 'node:path';
import { EngineError } from '../engine-error.ts';
import { isSameProcess, processStart } from './process-start.ts';

/** The holder of a data directory, as written in its `lock` file. */
export interface LockOwner {
  readonly pid: number;
  /** Distinguishes the process from a later one with the same pid; empty if the system does not report it. */
  readonly start: string;
  readonly host: string;
  /** Unique per attempt, so that a lock can be recognised. */
  readonly id: string;
}

const maxAttempts = 20;

/**
 * Locks the directory for this process, or throws with the pid of the process that holds it. The lock of a process that
 * no longer runs is taken over. The engine's own lock (`flock` on its `status` file) backs it up, which also
 * holds between containers that cannot see each other's processes; this one identifies the holder.
 *
 * @returns releases the lock; idempotent
 * @throws EngineError `TAILRACE_STORE_LOCKED`
 */
export function lockDirectory(directory: string): () => void {
  const file = join(directory, 'lock');
  const own: LockOwner = { pid: process.pid, start: processStart(process.pid), host: hostname(), id: randomUUID() };
  const draft = `${file}.${own.id}`;
  writeFileSync(draft, JSON.stringify(own), { flag: 'wx' });
  try {
    for (let attempt = 0; attempt < maxAttempts; attempt++) {
      if (linkExclusively(draft, file)) return () => release(file, own);
      const owner = readOwner(file);
      if (owner === undefined) continue; // released between the two calls
      if (owner !== 'unreadable' && isSameProcess(owner)) throw lockedBy(directory, owner);
      removeStale(file, owner === 'unreadable' ? undefined : owner.id);
    }
    throw new EngineError(
      'TAILRACE_STORE_LOCKED',
      `cannot open the store "${directory}": others keep taking it; try again`,
    );
  } finally {
    rmSync(draft, { force: true });
  }
}

function lockedBy(directory: string, owner: LockOwner): EngineError {
  const who = owner.pid === process.pid ? `this process (pid ${owner.pid})` : `process ${owner.pid}`;
  return new EngineError(
    'TAILRACE_STORE_LOCKED',
    `cannot open the store "${directory}": ${who} has it open; stop that process, or let it do the work: query and ingest ask it by themselves, its pipelines take buckets`,
  );
}

/** Only one process can create the link, and the file under the new name is complete at once. */
function linkExclusively(draft: string, file: string): boolean {
  try {
    linkSync(draft, file);
    return true;
  } catch (cause) {
    if (isErrno(cause, 'EEXIST')) return false;
    throw cause;
  }
}

function readOwner(file: string): LockOwner | 'unreadable' | undefined {
  try {
    const owner: unknown = JSON.parse(readFileSync(file, 'utf8'));
    return isOwner(owner) ? owner : 'unreadable';
  } catch (cause) {
    if (isErrno(cause, 'ENOENT')) return undefined;
    if (cause instanceof SyntaxError) return 'unreadable';
    throw cause;
  }
}

function isOwner(value: unknown): value is LockOwner {
  if (typeof value !== 'object' || value === null) return false;
  const { pid, start, host, id } = value as Record<string, unknown>;
  return Number.isSafeInteger(pid) && typeof start === 'string' && typeof host === 'string' && typeof id === 'string';
}

/**
 * Removes a stale lock without removing a fresh one that another process created meanwhile: it is moved aside
 * first, which only one process can do, and put back if it is not the one that was read.
 */
function removeStale(file: string, id: string | undefined): void {
  const aside = `${file}.${randomUUID()}`;
  try {
    renameSync(file, aside);
  } catch (cause) {
    if (isErrno(cause, 'ENOENT')) return; // another process was first
    throw cause;
  }
  const moved = readOwner(aside);
  if (typeof moved === 'object' && moved.id !== id) linkExclusively(aside, file);
  rmSync(aside, { force: true });
}

function release(file: string, own: LockOwner): void {
  const owner = readOwner(file);
  if (typeof owner === 'object' && owner.id === own.id) rmSync(file, { force: true });
}

function isErrno(error: unknown, code: string): boolean {
  return error instanceof Error && 'code' in error && error.code === code;
}
