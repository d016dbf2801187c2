import { mkdirSync, rmSync } from 'node:fs';
import { join, resolve } from 'node:path';
import type { Engine, Limits } from '../engine.ts';
import { EngineError } from '../engine-error.ts';
import { lockDirectory } from './directory-lock.ts';
import { EmbeddedEngine } from './embedded-engine.ts';
import { openScratchDirectory } from './scratch-directory.ts';

let openDirectory: string | undefined;

/**
 * Opens a data directory with the engine inside this process; it is created when it does not exist.
 *
 * @throws EngineError `TAILRACE_STORE_LOCKED`, `TAILRACE_STORE_UNAVAILABLE`
 */
export async function openEmbedded(directory: string, options: { limits: Limits; readers?: number }): Promise<Engine> {
  const store = resolve(directory);
  if (openDirectory !== undefined && openDirectory !== store) {
    throw unavailable(
      store,
      `this process has "${openDirectory}" open, and one process opens one store`,
      'close that one first',
    );
  }
  const unlock = prepareDirectory(store);
  openDirectory = store;
  const release = () => {
    openDirectory = undefined;
    unlock();
  };
  try {
    // Loading the native library takes a while and is of no use to those who talk to a server.
    const { openSessions } = await import('./open-sessions.ts');
    const parts = await openSessions(store, options);
    const scratch = openScratchDirectory(join(store, 'scratch'));
    const close = () => {
      rmSync(scratch, { recursive: true, force: true });
      release();
    };
    return new EmbeddedEngine({ ...parts, limits: options.limits, scratch, release: close });
  } catch (cause) {
    release();
    if (cause instanceof EngineError) throw cause;
    throw unavailable(
      store,
      `the engine could not open it (${String(cause)})`,
      'see what it wrote to standard error; another process may have it open',
      cause,
    );
  }
}

/** Makes the directory and locks it. */
function prepareDirectory(store: string): () => void {
  try {
    mkdirSync(join(store, 'clickhouse'), { recursive: true });
    return lockDirectory(store);
  } catch (cause) {
    if (cause instanceof EngineError) throw cause;
    const code = cause instanceof Error && 'code' in cause ? cause.code : undefined;
    if (code === 'EEXIST' || code === 'ENOTDIR') throw unavailable(store, 'it is a file', 'name a directory', cause);
    if (code === 'EACCES' || code === 'EPERM')
      throw unavailable(store, 'permission denied', 'correct its rights or name another directory', cause);
    if (code === 'EROFS') throw unavailable(store, 'its file system is read-only', 'name another directory', cause);
    if (code === 'ENOSPC') {
      throw new EngineError(
        'TAILRACE_DISK_FULL',
        `cannot open the store "${store}": no space is left on the disk; free some`,
        { cause, retryable: true },
      );
    }
    throw unavailable(store, String(cause), 'name another directory', cause);
  }
}

function unavailable(store: string, reason: string, remedy: string, cause?: unknown): EngineError {
  return new EngineError('TAILRACE_STORE_UNAVAILABLE', `cannot open the store "${store}": ${reason}; ${remedy}`, {
    cause,
  });
}
