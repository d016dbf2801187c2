import { createHash } from 'node:crypto';
import { lstatSync, mkdirSync, readdirSync, readFileSync, renameSync, rmSync, statSync, writeFileSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';

/** A batch in the folder. */
export interface SpilledBatch {
  readonly key: string;
  readonly bytes: number;
}

/**
 * Keeps batches that could not be sent until this process or a later one sends them. Synchronous, since it is written
 * when the process is about to exit.
 */
export class SpillFolder {
  readonly #path: string;

  /** @param destination everything that identifies the server of its batches; they are sent to no other */
  constructor(parent: string, destination: string) {
    this.#path = join(parent, createHash('sha256').update(destination).digest('hex').slice(0, 16));
  }

  /** Oldest first. */
  list(): SpilledBatch[] {
    let names: string[];
    try {
      names = readdirSync(this.#path);
    } catch {
      return [];
    }
    return names
      .filter((name) => name.endsWith(ending))
      .sort()
      .flatMap((name) => {
        const status = statSync(join(this.#path, name), { throwIfNoEntry: false });
        return status ? [{ key: name.slice(0, -ending.length), bytes: status.size }] : [];
      });
  }

  /** @throws Error when the batch cannot be written */
  write(key: string, body: Uint8Array): void {
    mkdirSync(this.#path, { recursive: true, mode: 0o700 });
    const { uid } = lstatSync(this.#path);
    // The parent is writable by all users, so another user may have created it first.
    if (process.getuid && uid !== process.getuid()) throw new Error(`"${this.#path}" belongs to another user`);
    const unfinished = join(this.#path, `${key}.part`);
    try {
      writeFileSync(unfinished, body, { mode: 0o600 });
      renameSync(unfinished, this.#file(key));
    } catch (cause) {
      rmSync(unfinished, { force: true });
      throw cause;
    }
  }

  /** @returns undefined when another process has sent the batch meanwhile, or it cannot be read */
  read(key: string): Buffer | undefined {
    try {
      return readFileSync(this.#file(key));
    } catch {
      return undefined;
    }
  }

  remove(key: string): void {
    rmSync(this.#file(key), { force: true });
  }

  /** Keeps a permanently refused batch under a name that is not sent again. @returns its path */
  setAside(key: string, body: Uint8Array): string {
    this.write(key, body);
    const path = this.#file(`refused-${key}`).replace(ending, '.refused.gz');
    renameSync(this.#file(key), path);
    return path;
  }

  #file(key: string): string {
    return join(this.#path, key + ending);
  }
}

/** One folder per user, since all users share the parent. */
export function defaultSpillDirectory(): string {
  return join(tmpdir(), `tailrace-spill-${process.getuid?.() ?? 'user'}`);
}

const ending = '.ndjson.gz';
