import { randomUUID } from 'node:crypto';
import { mkdir, rm } from 'node:fs/promises';
import { dirname, join } from 'node:path';
import { timeOfId } from '../../ledger/batch-id.ts';
import type { ClosedBatch } from '../../ledger/shipments.ts';
import type { Delivered, Destination, Shipment, ShippedTable } from '../destination.ts';
import { explainFolderFault } from '../folder-fault.ts';
import { probeFolder } from '../probe-folder.ts';
import { syncFolder } from '../sync-folder.ts';
import { type WrittenFile, writeWhole } from './write-whole.ts';

export interface FolderOptions {
  /** Absolute path. */
  readonly path: string;
  readonly compression: 'none' | 'gzip';
  /** Whose rows are written. */
  readonly tables: readonly ShippedTable[];
}

/**
 * A folder that gets one file of JSON lines for each batch and table, `2026-11-26/<batch>.requests.ndjson`: the day, in UTC, on
 * which the batch was begun. A name depends on nothing but the batch, and a file appears whole: so a batch that is delivered
 * again replaces itself.
 */
export function createFolderDestination(options: FolderOptions): Destination {
  return new FolderDestination(options);
}

/** For files that are being written; in the folder itself, so that they can be renamed. */
const partialName = '.partial';

class FolderDestination implements Destination {
  readonly type = 'folder';
  readonly #options: FolderOptions;

  constructor(options: FolderOptions) {
    this.#options = options;
  }

  check(): Promise<readonly string[]> {
    return probeFolder(this.#options.path);
  }

  async open(): Promise<void> {
    await this.#explained(async () => {
      await rm(this.#partial, { recursive: true, force: true });
      await mkdir(this.#partial, { recursive: true });
    });
  }

  ship({ batches, read }: Shipment, signal: AbortSignal): Promise<readonly Delivered[]> {
    return this.#explained(async () => {
      const delivered: Delivered[] = [];
      for (const batch of batches) delivered.push(await this.#shipBatch(batch, read, signal));
      return delivered;
    });
  }

  async close(): Promise<void> {
    await rm(this.#partial, { recursive: true, force: true }).catch(() => {});
  }

  get #partial(): string {
    return join(this.#options.path, partialName);
  }

  async #shipBatch(batch: ClosedBatch, read: Shipment['read'], signal: AbortSignal): Promise<Delivered> {
    const { path, compression, tables } = this.#options;
    const folder = join(path, new Date(timeOfId(batch.batch)).toISOString().slice(0, 10));
    const files: WrittenFile[] = [];
    for (const table of tables.filter((table) => batch[table] > 0)) {
      const name = `${batch.batch}.${table}.ndjson${compression === 'gzip' ? '.gz' : ''}`;
      // Another worker may still be writing the same file, because it does not know yet that it is considered dead.
      const file = { partial: join(this.#partial, `${name}.${randomUUID()}`), path: join(folder, name) };
      files.push(await writeWhole(read(batch, { table }), { ...file, gzip: compression === 'gzip', signal }));
    }
    if (files.length > 0) {
      await mkdir(folder, { recursive: true });
      for (const { publish } of files) await publish();
      await syncFolder(folder);
      await syncFolder(dirname(folder));
    }
    const sum = (key: 'rows' | 'bytes') => files.reduce((total, file) => total + file[key], 0);
    const promised = tables.reduce((total, table) => total + batch[table], 0);
    return { rows: sum('rows'), bytes: sum('bytes'), missing: promised - sum('rows') };
  }

  async #explained<T>(work: () => Promise<T>): Promise<T> {
    try {
      return await work();
    } catch (cause) {
      throw explainFolderFault(this.#options.path, cause);
    }
  }
}
