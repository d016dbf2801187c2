import { mkdir, rename, rm } from 'node:fs/promises';
import { dirname, join } from 'node:path';
import type { ClosedBatch } from '../../ledger/shipments.ts';
import { explainFolderFault } from '../folder-fault.ts';
import { probeFolder } from '../probe-folder.ts';
import { syncFolder } from '../sync-folder.ts';
import type { Backup, BackupOwner, RefusedRecord } from './backup.ts';
import { keptLine, keptName } from './kept-record.ts';
import { RecordFiles } from './record-files.ts';

export interface FolderBackupOptions {
  readonly type: 'folder';
  /** Absolute path. */
  readonly path: string;
}

/** For files that are being written; in the folder itself, so that they can be renamed. */
const partialName = '.partial';

/** A file for each batch. */
export class FolderBackup implements Backup {
  readonly place: string;
  readonly #owner: BackupOwner;
  readonly #files: RecordFiles;

  constructor({ path }: FolderBackupOptions, owner: BackupOwner) {
    this.place = path;
    this.#owner = owner;
    this.#files = new RecordFiles(join(path, owner.failure, partialName, owner.destination));
  }

  check(): Promise<readonly string[]> {
    return probeFolder(this.place);
  }

  open(): Promise<void> {
    return this.#files.open();
  }

  keep(batch: ClosedBatch, record: RefusedRecord): Promise<void> {
    return this.#files.append(batch.batch, keptLine(this.#owner, batch, record));
  }

  async publish(batches: readonly ClosedBatch[]): Promise<readonly number[]> {
    try {
      const kept: number[] = [];
      for (const batch of batches) kept.push(await this.#publishBatch(batch));
      return kept;
    } catch (cause) {
      throw explainFolderFault(this.place, cause);
    }
  }

  async #publishBatch(batch: ClosedBatch): Promise<number> {
    const path = join(this.place, keptName(this.#owner, batch));
    const file = await this.#files.finish(batch.batch);
    if (!file) {
      await rm(path, { force: true });
      return 0;
    }
    await mkdir(dirname(path), { recursive: true });
    await rename(file.path, path);
    await syncFolder(dirname(path));
    await this.#files.forget(batch.batch);
    return file.bytes;
  }

  discard(): Promise<void> {
    return this.#files.discard();
  }

  close(): Promise<void> {
    return this.discard();
  }
}
