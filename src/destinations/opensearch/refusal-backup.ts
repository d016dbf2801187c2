import { randomUUID } from 'node:crypto';
import { type FileHandle, mkdir, open, rename, rm } from 'node:fs/promises';
import { dirname, join } from 'node:path';
import { timeOfId } from '../../ledger/batch-id.ts';
import type { ClosedBatch } from '../../ledger/shipments.ts';
import { explainFolderFault } from '../folder-fault.ts';
import { syncFolder } from '../sync-folder.ts';
import type { Refusal } from './send-bulk.ts';

/** Of Firehose, for documents that a domain does not take. */
const prefix = 'AmazonOpenSearchService_failed';
/** For files that are being written; in the folder itself, so that they can be renamed. */
const partialName = '.partial';

interface PartialFile {
  readonly path: string;
  readonly handle: Promise<FileHandle>;
  /** Resolves when all lines until now are written. */
  written: Promise<void>;
}

/**
 * Keeps refused documents in a folder, as Firehose does: JSON lines with the error and the document, under
 * `AmazonOpenSearchService_failed/YYYY/MM/DD/HH/`. A batch has one file, whose name depends on nothing but the batch: when the
 * batch is delivered again, it replaces itself. https://docs.aws.amazon.com/firehose/latest/dev/retry.html
 */
export class RefusalBackup {
  readonly #folder: string;
  readonly #index: string;
  readonly #files = new Map<string, PartialFile>();

  constructor(folder: string, index: string) {
    this.#folder = folder;
    this.#index = index;
  }

  /** Removes what a killed process left. */
  async open(): Promise<void> {
    await this.#explained(async () => {
      await rm(this.#partial, { recursive: true, force: true });
      await mkdir(this.#partial, { recursive: true });
    });
  }

  /** Resolves when the file has the document; it has no name yet. */
  async keep(batch: ClosedBatch, refusal: Refusal): Promise<void> {
    const file = this.#files.get(batch.batch) ?? this.#begin(batch);
    const line = `${JSON.stringify(recordOf(batch, refusal))}\n`;
    file.written = file.written.then(async () => (await file.handle).appendFile(line));
    await this.#explained(() => file.written);
  }

  /** Makes the files of delivered batches durable under their names; those without refused documents have none any more. */
  async publish(batches: readonly ClosedBatch[]): Promise<void> {
    await this.#explained(async () => {
      for (const batch of batches) {
        const path = this.#pathOf(batch);
        const file = this.#files.get(batch.batch);
        if (!file) {
          await rm(path, { force: true });
          continue;
        }
        const handle = await file.handle;
        await handle.sync();
        await handle.close();
        await mkdir(dirname(path), { recursive: true });
        await rename(file.path, path);
        await syncFolder(dirname(path));
        this.#files.delete(batch.batch);
      }
    });
  }

  /** Drops what was not published. */
  async discard(): Promise<void> {
    for (const { handle, written, path } of this.#files.values()) {
      await written.catch(() => {});
      await handle.then((open) => open.close()).catch(() => {});
      await rm(path, { force: true });
    }
    this.#files.clear();
  }

  get #partial(): string {
    return join(this.#folder, prefix, partialName, this.#index);
  }

  #begin({ batch }: ClosedBatch): PartialFile {
    // Another worker may still be writing the same file, because it does not know yet that it is considered dead.
    const path = join(this.#partial, `${batch}.${randomUUID()}`);
    const file = { path, handle: open(path, 'ax'), written: Promise.resolve() };
    this.#files.set(batch, file);
    return file;
  }

  #pathOf({ batch }: ClosedBatch): string {
    const [year = '', month = '', day = '', hour = ''] = new Date(timeOfId(batch)).toISOString().split(/[-T:]/);
    return join(this.#folder, prefix, year, month, day, hour, `${this.#index}-${batch}`);
  }

  async #explained<T>(work: () => Promise<T>): Promise<T> {
    try {
      return await work();
    } catch (cause) {
      throw explainFolderFault(this.#folder, cause);
    }
  }
}

function recordOf({ closedAtMs }: ClosedBatch, { lines, status, type, reason, attempts }: Refusal): object {
  const end = lines.indexOf(10);
  const { create } = JSON.parse(Buffer.from(lines.subarray(0, end)).toString());
  return {
    attemptsMade: attempts,
    arrivalTimestamp: closedAtMs,
    errorCode: String(status),
    errorMessage: `${type}: ${reason}`,
    attemptEndingTimestamp: Date.now(),
    rawData: Buffer.from(lines.subarray(end + 1, lines.length - 1)).toString('base64'),
    esDocumentId: create._id,
    esIndexName: create._index,
    esTypeName: '',
  };
}
