import { createReadStream } from 'node:fs';
import { stat } from 'node:fs/promises';
import type { ClosedBatch } from '../../ledger/shipments.ts';
import { type Delivered, type Destination, type Shipment, UnfitBatchError } from '../destination.ts';
import type { ArchivePlace } from './archive-place.ts';
import { FolderPlace, type FolderPlaceOptions } from './folder-place.ts';
import type { KeptBytes } from './kept-bytes.ts';
import { commonStart, type Prefix, prefixText } from './prefix.ts';
import { type S3ArchiveOptions, S3Place } from './s3-place.ts';

export interface RawArchiveOptions {
  readonly to: FolderPlaceOptions | S3ArchiveOptions;
  /** With no other placeholders than those of a time. */
  readonly prefix: Prefix;
  /** Of this destination alone. */
  readonly spoolDirectory: string;
  readonly kept: KeptBytes;
}

/** Of what S3 takes in one request. */
const mostBytes = 5_000_000_000;

/**
 * Objects with the bytes as they came, in a folder or in S3: of each batch one of lines, `2026/11/26/13/<batch>.lines.gz`, and one for
 * each file. Their time is that of the earliest event of the batch, or when it was stored. A batch that is delivered again
 * replaces itself.
 */
export function createRawArchive(options: RawArchiveOptions): Destination {
  return new RawArchive(options);
}

class RawArchive implements Destination {
  readonly type = 'archive';
  readonly #options: RawArchiveOptions;
  readonly #place: ArchivePlace;

  constructor(options: RawArchiveOptions) {
    this.#options = options;
    const { to, spoolDirectory } = options;
    const format = { contentType: 'application/octet-stream', gzip: false };
    this.#place = to.type === 's3' ? new S3Place(to, format, spoolDirectory) : new FolderPlace(to, format);
  }

  check(signal: AbortSignal): Promise<readonly string[]> {
    return this.#place.check(commonStart(this.#options.prefix), signal);
  }

  open(signal: AbortSignal): Promise<void> {
    return this.#place.open(signal);
  }

  async ship({ batches }: Shipment, signal: AbortSignal): Promise<readonly (Delivered | UnfitBatchError)[]> {
    const delivered: (Delivered | UnfitBatchError)[] = [];
    for (const batch of batches) delivered.push(await this.#shipBatch(batch, signal));
    return delivered;
  }

  forget(isDone: (batch: string) => boolean): Promise<void> {
    return this.#options.kept.forget(isDone);
  }

  close(): Promise<void> {
    return this.#place.close();
  }

  async #shipBatch(batch: ClosedBatch, signal: AbortSignal): Promise<Delivered | UnfitBatchError> {
    const { kept, prefix, to } = this.#options;
    const files = await kept.read(batch.batch);
    if (!files) return { rows: 0, bytes: 0, note: notKept };
    // Of a batch that could not be delivered.
    await this.#place.discard();
    const start = prefixText(prefix, batch.firstTime === null ? batch.closedAtMs : Date.parse(`${batch.firstTime}Z`));
    let bytes = 0;
    for (const { name, path } of files) {
      const { size } = await stat(path);
      if (to.type === 's3' && size > mostBytes) return new UnfitBatchError(batch.batch, tooLarge(name));
      bytes += (await this.#place.add(`${start}${batch.batch}${name}`, createReadStream(path), signal)).bytes;
    }
    await this.#place.publish(signal);
    return { rows: batch.requests + batch.logs + batch.rejects, bytes, objects: files.length };
  }
}

const notKept =
  'its bytes were not kept: it was stored before this archive was configured, or by another command than tailrace up';

function tooLarge(name: string): Error {
  return new Error(`cannot write an object for "${name}": S3 takes at most 5 GB at once; archive it in a folder`);
}
