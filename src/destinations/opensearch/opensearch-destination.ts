import type { ClosedBatch } from '../../ledger/shipments.ts';
import { withOwnAbort } from '../../waiting/own-abort.ts';
import type { Backup, RefusedRecord } from '../backup/backup.ts';
import {
  type Delivered,
  type Destination,
  type Gathering,
  type Shipment,
  type ShippedTable,
  UnfitBatchError,
} from '../destination.ts';
import { Pace } from '../pace.ts';
import { sendPaced } from '../send-paced.ts';
import { type BulkNames, bulkReading } from './bulk-reading.ts';
import { Cluster, type ClusterAccess } from './cluster.ts';
import { probeCluster } from './cluster-version.ts';
import { actionOf, BulkCutter, type BulkPart } from './cut-bulk.ts';
import { isOfOneIndex } from './explain-fault.ts';
import { isPastIndex } from './index-name.ts';
import { installTemplate } from './install-template.ts';
import { deleteIndexes, type Keep, planIndexes } from './old-indexes.ts';
import { openDataStream } from './open-data-stream.ts';
import { probeCreation } from './probe-creation.ts';
import { type BulkSending, type Refusal, sendBulk } from './send-bulk.ts';

export interface OpensearchOptions extends ClusterAccess, BulkNames {
  /** Whose rows become documents. */
  readonly tables: readonly ShippedTable[];
  /** Documents are sent when they have about so many bytes. */
  readonly bufferSize: number;
  /** Or when the oldest has waited so long, milliseconds. */
  readonly bufferInterval: number;
  /** Bytes of a request before its compression, unless one document has more. */
  readonly requestSize: number;
  /** Which indexes stay; without it, all. */
  readonly keep?: Keep;
  /** Where refused documents are kept; without it, a batch with one is not delivered. */
  readonly backup?: Backup;
}

/**
 * OpenSearch or Elasticsearch: a document for each row, created with an id that depends on nothing but the row. A batch that is
 * delivered again finds its documents there.
 */
export function createOpensearchDestination(options: OpensearchOptions): Destination {
  return new OpensearchDestination(options);
}

/** Of requests that are on their way. */
const mostHeldBytes = 64 * 1024 * 1024;
const mostRequests = 8;
/** How often indexes that are old enough are deleted. */
const tendEveryMs = 3_600_000;
/** Until the first documents are measured. */
const usualDocumentBytes = 1000;

class OpensearchDestination implements Destination {
  readonly type = 'opensearch';
  readonly #options: OpensearchOptions;
  readonly #cluster: Cluster;
  readonly #pace: Pace;
  readonly #backup: Backup | undefined;
  #tell: (text: string) => void = () => {};
  #requestSize: number;
  #documentBytes = usualDocumentBytes;
  #tending: NodeJS.Timeout | undefined;

  constructor(options: OpensearchOptions) {
    this.#options = options;
    this.#cluster = new Cluster(options);
    this.#requestSize = options.requestSize;
    this.#backup = options.backup;
    this.#pace = new Pace(Math.max(1, Math.min(mostRequests, Math.floor(mostHeldBytes / options.requestSize))));
  }

  get gathering(): Gathering {
    const { bufferSize, bufferInterval } = this.#options;
    const mostRows = Math.ceil(bufferSize / this.#documentBytes);
    return { mostBatches: 1000, mostRows, mostWaitMs: bufferInterval };
  }

  async check(signal: AbortSignal): Promise<readonly string[]> {
    try {
      await probeCluster(this.#cluster, signal);
      await probeCreation(this.#cluster, this.#options.index, signal);
      return (await this.#backup?.check(signal)) ?? [];
    } catch (cause) {
      return [(cause as Error).message];
    }
  }

  async open(signal: AbortSignal, tell: (text: string) => void): Promise<void> {
    const version = await probeCluster(this.#cluster, signal);
    const problem = await installTemplate(this.#cluster, version, this.#options, signal);
    if (problem !== undefined) tell(problem);
    if (this.#options.rotation === 'stream') await openDataStream(this.#cluster, this.#options.index, signal);
    await this.#backup?.open(signal);
    this.#tell = tell;
    if (this.#options.keep) {
      await this.#deleteOld(this.#options.keep, signal);
      this.#tending = setInterval((keep: Keep) => void this.#deleteOld(keep, signal), tendEveryMs, this.#options.keep);
    }
  }

  async ship(shipment: Shipment, signal: AbortSignal): Promise<readonly (Delivered | UnfitBatchError)[]> {
    const { tables } = this.#options;
    // Of batches that another one kept from being delivered.
    await this.#backup?.discard();
    const counts = shipment.batches.map(() => new BatchCounts());
    const countsOf = (owner: number) => counts[owner] as BatchCounts;
    await withOwnAbort(signal, (own) =>
      this.#send(shipment, own, {
        onTaken: (owner, bytes) => countsOf(owner).take(bytes),
        onRefused: async (refusal) => {
          countsOf(refusal.owner).refuse(refusal);
          await this.#backup?.keep(shipment.batches[refusal.owner] as ClosedBatch, recordOf(refusal));
        },
      }),
    );
    const kept = await this.#backup?.publish(shipment.batches, signal);
    this.#measure(counts);
    return shipment.batches.map((batch, index) => {
      const { rows, bytes, refused, firstRefusal } = countsOf(index);
      if (firstRefusal && this.#backup) this.#tellRefusal(firstRefusal);
      else if (firstRefusal) return new UnfitBatchError(batch.batch, explainRefusal(firstRefusal, refused));
      const promised = tables.reduce((total, table) => total + batch[table], 0);
      return { rows, bytes, refused, backupBytes: kept?.[index] ?? 0, missing: promised - rows - refused };
    });
  }

  async close(): Promise<void> {
    clearInterval(this.#tending);
    await this.#backup?.close();
  }

  /** A failure is told, and delays no delivery. */
  async #deleteOld(keep: Keep, signal: AbortSignal): Promise<void> {
    try {
      const { expiring } = await planIndexes(this.#cluster, this.#options, keep, signal);
      for (const { name, documents } of await deleteIndexes(this.#cluster, expiring, signal))
        this.#tell(`the index ${name} was deleted, as keep says; it had ${documents} documents`);
    } catch (cause) {
      if (!signal.aborted) this.#tell((cause as Error).message);
    }
  }

  /** Reasons name documents, so that only their type is told once for all. */
  #tellRefusal(refusal: Refusal): void {
    this.#tell(
      `cannot deliver some documents: ${refusal.type}; they are kept in "${this.#backup?.place}" with the reasons, ${remedyOf(refusal)}`,
    );
  }

  /** Sends all documents, several requests at once. @param own aborts when one of them fails */
  async #send(
    shipment: Shipment,
    own: AbortController,
    outcomes: Pick<BulkSending, 'onTaken' | 'onRefused'>,
  ): Promise<void> {
    const { index, rotation } = this.#options;
    const sending: BulkSending = {
      ...outcomes,
      cluster: this.#cluster,
      pace: this.#pace,
      signal: own.signal,
      isPast: (name) => isPastIndex(name, index, rotation, new Date()),
      onTooLarge: (bytes) => {
        this.#requestSize = Math.min(this.#requestSize, Math.ceil(bytes / 2));
      },
    };
    await sendPaced(this.#parts(shipment), this.#pace, own, (part) => sendBulk(part, sending));
  }

  /** The documents of all batches; small batches share a part. */
  async *#parts({ batches, read }: Shipment): AsyncGenerator<BulkPart> {
    const { tables } = this.#options;
    const cutter = new BulkCutter(this.#requestSize);
    for (const [owner, batch] of batches.entries()) {
      for (const table of tables.filter((table) => batch[table] > 0)) {
        for await (const piece of read(batch, bulkReading(table, this.#options))) yield* cutter.push(piece, owner);
      }
    }
    const last = cutter.end();
    if (last) yield last;
  }

  #measure(counts: readonly BatchCounts[]): void {
    const sum = (key: 'rows' | 'bytes') => counts.reduce((total, count) => total + count[key], 0);
    if (sum('rows') > 0) this.#documentBytes = Math.max(1, sum('bytes') / sum('rows'));
  }
}

/** What becomes of the documents of a batch. */
class BatchCounts {
  rows = 0;
  bytes = 0;
  refused = 0;
  firstRefusal: Refusal | undefined;

  take(bytes: number): void {
    this.rows++;
    this.bytes += bytes;
  }

  refuse(refusal: Refusal): void {
    this.refused++;
    this.firstRefusal ??= refusal;
  }
}

function explainRefusal(refusal: Refusal, refused: number): Error {
  const { type, reason } = refusal;
  return new Error(
    `${refused} documents are refused, the first because of ${type} (${reason}); ${remedyOf(refusal)}, or set backup`,
  );
}

function remedyOf(refusal: Refusal): string {
  return isOfOneIndex(refusal) ? 'open the index for writing' : 'correct the mapping';
}

function recordOf({ lines, status, type, reason, attempts }: Refusal): RefusedRecord {
  const { _id, _index } = actionOf(lines);
  return {
    attempts,
    errorCode: String(status),
    errorMessage: `${type}: ${reason}`,
    rawData: lines.subarray(lines.indexOf(10) + 1, lines.length - 1),
    more: { esDocumentId: _id, esIndexName: _index, esTypeName: '' },
  };
}
