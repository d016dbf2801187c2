import type { ClosedBatch } from '../../ledger/shipments.ts';

/**
 * Where a destination keeps what it refuses for good: the records of a batch in one file or object, in the layout in which
 * Firehose keeps what it could not deliver. The name depends on nothing but the destination and the batch, and the whole appears
 * at once: a batch that is delivered again replaces what is kept of it, or removes it.
 * https://docs.aws.amazon.com/firehose/latest/dev/retry.html
 */
export interface Backup {
  /** In messages: `/srv/refused`, `s3://bucket/prefix`. */
  readonly place: string;

  /** Probes whether it could keep and remove something. Leaves nothing behind. @returns problems with remedies */
  check(signal: AbortSignal): Promise<readonly string[]>;

  /** Must come first; removes what a killed process left unfinished. @throws Error with a remedy, as the others do */
  open(signal: AbortSignal): Promise<void>;

  /** Resolves when the record is written; nobody sees it yet. May be called concurrently. */
  keep(batch: ClosedBatch, record: RefusedRecord): Promise<void>;

  /**
   * Makes durable and visible what was kept of batches that are delivered otherwise. Of those without a record nothing is there any
   * more. Must come before they are acknowledged.
   * @returns bytes that are kept of each
   */
  publish(batches: readonly ClosedBatch[], signal: AbortSignal): Promise<readonly number[]>;

  /** Drops what was kept and not published, as before a batch is delivered from its beginning. */
  discard(): Promise<void>;

  /** Drops it too, and ends the use. */
  close(): Promise<void>;
}

/** What a destination does not take as it is. */
export interface RefusedRecord {
  /** How often it was sent. */
  readonly attempts: number;
  /** `400` */
  readonly errorCode: string;
  readonly errorMessage: string;
  readonly rawData: Uint8Array;
  /** Further keys of this kind of destination: `esDocumentId`. */
  readonly more?: Readonly<Record<string, string>>;
}

/** Whose records are kept. */
export interface BackupOwner {
  /** Firehose's word for the kind of failure, a folder of its own: `AmazonOpenSearchService_failed`. */
  readonly failure: string;
  /** Name of the destination. */
  readonly destination: string;
}
