import type { ClosedBatch } from '../../ledger/shipments.ts';
import type { Delivered, Destination, Shipment, ShippedTable } from '../destination.ts';
import type { ArchivePlace, WrittenObject } from './archive-place.ts';
import { type BatchPart, divideBatch } from './divide-batch.ts';
import { FolderPlace, type FolderPlaceOptions } from './folder-place.ts';
import { LineCutter } from './line-cutter.ts';
import { type ObjectFormat, objectFormat } from './object-format.ts';
import { commonStart, type Prefix } from './prefix.ts';
import { type S3ArchiveOptions, S3Place } from './s3-place.ts';

export interface ArchiveOptions {
  readonly to: FolderPlaceOptions | S3ArchiveOptions;
  readonly prefix: Prefix;
  readonly format: 'ndjson' | 'parquet';
  /** Of lines. */
  readonly compression: 'none' | 'gzip';
  /** Whose rows are written. */
  readonly tables: readonly ShippedTable[];
  /** Of this destination alone. */
  readonly spoolDirectory: string;
}

/**
 * Objects of JSON lines or in Parquet, in a folder or in S3: of each batch and table one for each prefix that its rows have,
 * `requests/2026/11/26/13/<batch>.requests.ndjson.gz`. A name depends on nothing but the batch and its rows, and an object appears
 * whole: so a batch that is delivered again replaces itself.
 */
export function createArchiveDestination(options: ArchiveOptions): Destination {
  return new ArchiveDestination(options);
}

class ArchiveDestination implements Destination {
  readonly type = 'archive';
  readonly #options: ArchiveOptions;
  readonly #format: ObjectFormat;
  readonly #place: ArchivePlace;

  constructor(options: ArchiveOptions) {
    this.#options = options;
    const { to, spoolDirectory } = options;
    this.#format = objectFormat(options.format, options.compression);
    this.#place = to.type === 's3' ? new S3Place(to, this.#format, spoolDirectory) : new FolderPlace(to, this.#format);
  }

  check(signal: AbortSignal): Promise<readonly string[]> {
    return this.#place.check(commonStart(this.#options.prefix), signal);
  }

  open(signal: AbortSignal): Promise<void> {
    return this.#place.open(signal);
  }

  async ship(shipment: Shipment, signal: AbortSignal): Promise<readonly Delivered[]> {
    const delivered: Delivered[] = [];
    for (const batch of shipment.batches) delivered.push(await this.#shipBatch(batch, shipment, signal));
    return delivered;
  }

  close(): Promise<void> {
    return this.#place.close();
  }

  async #shipBatch(batch: ClosedBatch, shipment: Shipment, signal: AbortSignal): Promise<Delivered> {
    const { tables, prefix } = this.#options;
    let rows = 0;
    let bytes = 0;
    let objects = 0;
    // Of a batch that could not be delivered.
    await this.#place.discard();
    for (const table of tables.filter((table) => batch[table] > 0)) {
      for await (const part of divideBatch(batch, table, prefix, this.#format.limits, shipment.divide)) {
        for await (const written of this.#addPart(
          part,
          shipment.read(batch, this.#format.reading(part.reading)),
          signal,
        )) {
          rows += written.rows;
          bytes += written.bytes;
          objects++;
        }
      }
    }
    await this.#place.publish(signal);
    const promised = tables.reduce((sum, table) => sum + batch[table], 0);
    return { rows, bytes, objects, missing: promised - rows };
  }

  async *#addPart(
    { reading: { table }, objects }: BatchPart,
    rows: AsyncIterable<Uint8Array>,
    signal: AbortSignal,
  ): AsyncGenerator<WrittenObject> {
    const add = (name: string, some: AsyncIterable<Uint8Array>) =>
      this.#place.add(`${name}.${table}${this.#format.ending}`, some, signal);
    const [only, ...others] = objects;
    if (only && others.length === 0) {
      yield await add(only.name, rows);
      return;
    }
    const cutter = new LineCutter(rows);
    try {
      for (const { name, rows: count } of objects) yield await add(name, cutter.take(count));
      await cutter.finish();
    } finally {
      await cutter.close();
    }
  }
}
