import { randomUUID } from 'node:crypto';
import { type FileHandle, mkdir, open, rm } from 'node:fs/promises';
import { join } from 'node:path';
import { explainFolderFault } from '../folder-fault.ts';

interface PartialFile {
  readonly path: string;
  readonly handle: Promise<FileHandle>;
  /** Resolves when all lines until now are written. */
  written: Promise<void>;
}

/** A file of lines that has no name for readers yet. */
export interface FinishedFile {
  readonly path: string;
  readonly bytes: number;
}

/** Files of lines by batch, in a folder for this use alone. Failures have a remedy. */
export class RecordFiles {
  readonly #folder: string;
  readonly #files = new Map<string, PartialFile>();

  constructor(folder: string) {
    this.#folder = folder;
  }

  /** Removes what a killed process left. */
  async open(): Promise<void> {
    await this.#explained(async () => {
      await rm(this.#folder, { recursive: true, force: true });
      await mkdir(this.#folder, { recursive: true });
    });
  }

  async append(batch: string, line: string): Promise<void> {
    const file = this.#files.get(batch) ?? this.#begin(batch);
    file.written = file.written.then(async () => (await file.handle).appendFile(line));
    await this.#explained(() => file.written);
  }

  /** Makes the file of a batch durable. Undefined without one. */
  async finish(batch: string): Promise<FinishedFile | undefined> {
    const file = this.#files.get(batch);
    return (
      file &&
      this.#explained(async () => {
        const handle = await file.handle;
        await handle.sync();
        const { size } = await handle.stat();
        await handle.close();
        return { path: file.path, bytes: size };
      })
    );
  }

  /** Ends the use of a finished file, which may have another name by now. */
  async forget(batch: string): Promise<void> {
    const file = this.#files.get(batch);
    this.#files.delete(batch);
    if (file) await rm(file.path, { force: true });
  }

  /** Drops all files that are not forgotten. */
  async discard(): Promise<void> {
    for (const [batch, { handle, written }] of this.#files) {
      await written.catch(() => {});
      await handle.then((open) => open.close()).catch(() => {});
      await this.forget(batch);
    }
  }

  #begin(batch: string): PartialFile {
    // Another worker may still be writing the same file, because it does not know yet that it is considered dead.
    const path = join(this.#folder, `${batch}.${randomUUID()}`);
    const file = { path, handle: open(path, 'ax'), written: Promise.resolve() };
    this.#files.set(batch, file);
    return file;
  }

  async #explained<T>(work: () => Promise<T>): Promise<T> {
    try {
      return await work();
    } catch (cause) {
      throw explainFolderFault(this.#folder, cause);
    }
  }
}
