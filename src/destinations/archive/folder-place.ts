import { randomUUID } from 'node:crypto';
import { mkdir, rename, rm } from 'node:fs/promises';
import { dirname, join } from 'node:path';
import { explainFolderFault } from '../folder-fault.ts';
import { probeFolder } from '../probe-folder.ts';
import { syncFolder } from '../sync-folder.ts';
import type { ArchivePlace, WrittenObject } from './archive-place.ts';
import type { WrittenFormat } from './object-format.ts';
import { writeObject } from './write-object.ts';

export interface FolderPlaceOptions {
  readonly type: 'folder';
  /** Absolute path. */
  readonly path: string;
}

/** For files that are being written; in the folder itself, so that they can be renamed. */
const partialName = '.partial';

/** Files get their names when all of a batch are written. */
export class FolderPlace implements ArchivePlace {
  readonly #path: string;
  readonly #format: WrittenFormat;
  /** Partial files by their names in the folder. */
  readonly #added = new Map<string, string>();

  constructor({ path }: FolderPlaceOptions, format: WrittenFormat) {
    this.#path = path;
    this.#format = format;
  }

  check(): Promise<readonly string[]> {
    return probeFolder(this.#path);
  }

  async open(): Promise<void> {
    await this.#explained(async () => {
      await rm(this.#partial, { recursive: true, force: true });
      await mkdir(this.#partial, { recursive: true });
    });
  }

  add(name: string, pieces: AsyncIterable<Uint8Array>, signal: AbortSignal): Promise<WrittenObject> {
    return this.#explained(async () => {
      // Another worker may still be writing the same file, because it does not know yet that it is considered dead.
      const partial = join(this.#partial, randomUUID());
      const written = await writeObject(partial, pieces, this.#format, signal);
      this.#added.set(name, partial);
      return written;
    });
  }

  publish(): Promise<void> {
    return this.#explained(async () => {
      const folders = new Set<string>();
      for (const [name, partial] of this.#added) {
        const path = join(this.#path, name);
        await mkdir(dirname(path), { recursive: true });
        await rename(partial, path);
        for (let at = dirname(path); at.length >= this.#path.length; at = dirname(at)) folders.add(at);
      }
      this.#added.clear();
      for (const folder of folders) await syncFolder(folder);
    });
  }

  async discard(): Promise<void> {
    for (const partial of this.#added.values()) await rm(partial, { force: true });
    this.#added.clear();
  }

  async close(): Promise<void> {
    await rm(this.#partial, { recursive: true, force: true }).catch(() => {});
  }

  get #partial(): string {
    return join(this.#path, partialName);
  }

  async #explained<T>(work: () => Promise<T>): Promise<T> {
    try {
      return await work();
    } catch (cause) {
      throw explainFolderFault(this.#path, cause);
    }
  }
}
