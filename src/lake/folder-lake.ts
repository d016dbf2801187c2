import { randomUUID } from 'node:crypto';
import { mkdir, open, readdir, rename, rm } from 'node:fs/promises';
import { dirname, join } from 'node:path';
import { explainFolderFault } from '../destinations/folder-fault.ts';
import { probeFolder } from '../destinations/probe-folder.ts';
import { syncFolder } from '../destinations/sync-folder.ts';
import type { LakePlace } from './lake-place.ts';

export interface FolderLakeOptions {
  readonly type: 'folder';
  /** Absolute path. */
  readonly path: string;
}

/** For files that are being written; in the folder itself, so that they can be renamed. */
const partialName = '.partial';

/** A lake in a folder of this machine. */
export class FolderLake implements LakePlace {
  readonly name: string;

  constructor({ path }: FolderLakeOptions) {
    this.name = path;
  }

  check(): Promise<readonly string[]> {
    return probeFolder(this.name);
  }

  open(): Promise<void> {
    return this.#explained(async () => {
      await rm(this.#partial, { recursive: true, force: true });
      await mkdir(this.#partial, { recursive: true });
    });
  }

  draft(): string {
    return join(this.#partial, randomUUID());
  }

  publish(draft: string, name: string): Promise<void> {
    return this.#explained(async () => {
      const file = await open(draft);
      await file.sync().finally(() => file.close());
      const path = join(this.name, name);
      await mkdir(dirname(path), { recursive: true });
      await rename(draft, path);
      for (let at = dirname(path); at.length >= this.name.length; at = dirname(at)) await syncFolder(at);
    });
  }

  names(folder: string): Promise<readonly string[]> {
    return this.#explained(async () => {
      try {
        return (await readdir(join(this.name, folder))).map((name) => `${folder}/${name}`);
      } catch (cause) {
        if ((cause as NodeJS.ErrnoException).code === 'ENOENT') return [];
        throw cause;
      }
    });
  }

  remove(names: readonly string[]): Promise<void> {
    return this.#explained(async () => {
      for (const name of names) await rm(join(this.name, name), { force: true });
    });
  }

  async close(): Promise<void> {
    await rm(this.#partial, { recursive: true, force: true }).catch(() => {});
  }

  get #partial(): string {
    return join(this.name, partialName);
  }

  async #explained<T>(work: () => Promise<T>): Promise<T> {
    try {
      return await work();
    } catch (cause) {
      throw explainFolderFault(this.name, cause);
    }
  }
}
