import { join } from 'node:path';
import type { ClosedBatch } from '../../ledger/shipments.ts';
import { S3Objects, type S3PlaceOptions } from '../aws/s3-objects.ts';
import type { Backup, BackupOwner, RefusedRecord } from './backup.ts';
import { keptLine, keptName } from './kept-record.ts';
import { RecordFiles } from './record-files.ts';

/** Batches whose objects are remembered one by one. */
const mostRemembered = 10_000;
/** By which the clock of the store may be behind ours. */
const clockMarginMs = 60_000;

/** An object for each batch. Until it is written its records are in a file of the spool. */
export class S3Backup implements Backup {
  readonly #owner: BackupOwner;
  readonly #files: RecordFiles;
  readonly #objects: S3Objects;
  /** Batches closed before that may have an object of an earlier process. */
  #openedAtMs = 0;
  /** Batches that have one of this process. */
  readonly #uploaded = new Set<string>();

  /** @param spoolDirectory of the destination alone */
  constructor(options: S3PlaceOptions, owner: BackupOwner, spoolDirectory: string) {
    this.#owner = owner;
    this.#files = new RecordFiles(join(spoolDirectory, 'refused'));
    this.#objects = new S3Objects(options, { ContentType: 'application/x-ndjson' });
  }

  get place(): string {
    return this.#objects.place;
  }

  check(signal: AbortSignal): Promise<readonly string[]> {
    return this.#objects.check(`${this.#owner.failure}/tailrace-check`, { removes: true }, signal);
  }

  async open(): Promise<void> {
    await this.#files.open();
    await this.#objects.open();
    this.#openedAtMs = Date.now();
  }

  keep(batch: ClosedBatch, record: RefusedRecord): Promise<void> {
    return this.#files.append(batch.batch, keptLine(this.#owner, batch, record));
  }

  async publish(batches: readonly ClosedBatch[], signal: AbortSignal): Promise<readonly number[]> {
    const kept: number[] = [];
    const stale: string[] = [];
    for (const batch of batches) {
      const name = keptName(this.#owner, batch);
      const bytes = await this.#upload(batch, name, signal);
      kept.push(bytes);
      // A request for each batch would mostly remove nothing.
      if (bytes === 0 && this.#mayBeThere(batch)) stale.push(name);
    }
    await this.#objects.remove(stale, signal);
    return kept;
  }

  discard(): Promise<void> {
    return this.#files.discard();
  }

  async close(): Promise<void> {
    await this.discard();
    this.#objects.close();
  }

  /** @returns bytes of the object; 0 when the batch has no records */
  async #upload({ batch }: ClosedBatch, name: string, signal: AbortSignal): Promise<number> {
    const file = await this.#files.finish(batch);
    if (!file) return 0;
    // An attempt may succeed although its answer is lost.
    this.#remember(batch);
    await this.#objects.write(name, file, signal);
    await this.#files.forget(batch);
    return file.bytes;
  }

  #mayBeThere({ batch, closedAtMs }: ClosedBatch): boolean {
    return closedAtMs < this.#openedAtMs + clockMarginMs || this.#uploaded.has(batch);
  }

  #remember(batch: string): void {
    if (this.#uploaded.size >= mostRemembered) {
      this.#uploaded.clear();
      this.#openedAtMs = Date.now();
    }
    this.#uploaded.add(batch);
  }
}
