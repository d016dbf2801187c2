import type { ClosedBatch } from '../ledger/shipments.ts';

/**
 * The contract of every destination: where closed batches are delivered, beyond the store. The store is the outbox: a source
 * is acknowledged when its batch is stored, whatever its destinations do. Creating a destination does no I/O; it may be
 * checked, is opened once, and ends with {@link close}; after a failure a new one is created. The caller decides what is shipped when, retries and records; the
 * destination delivers, so that repeating it changes nothing.
 */
export interface Destination {
  /** As in the configuration: `folder`. */
  readonly type: string;

  /** How many batches it takes at once, if more than one. */
  readonly gathering?: Gathering;

  /** Probes whether it could deliver: reachable, permitted. Must leave nothing behind. @returns problems with remedies */
  check(signal: AbortSignal): Promise<readonly string[]>;

  /**
   * Prepares for deliveries, and removes what a killed process left of an unfinished one. Among all workers on one store
   * only one has a destination open.
   * @param tell tells the operator what keeps nothing from being delivered, with a remedy; until {@link close}
   * @throws Error with a remedy; it is tried again
   */
  open(signal: AbortSignal, tell: (text: string) => void): Promise<void>;

  /**
   * Delivers batches. Must resolve only when they are durable there, and must not leave them twice when it is called again
   * with a batch that it delivered before: the caller may have died before it recorded that. Is not called concurrently.
   * Must stop soon when the signal aborts.
   * @returns in the order of the batches what was delivered, or why a batch cannot be: it is set aside after some attempts
   * @throws UnfitBatchError when one batch keeps the others from being delivered too. Any other failure is that of the
   *   destination: everything waits and is tried again without end. None of these batches is acknowledged then.
   */
  ship(shipment: Shipment, signal: AbortSignal): Promise<readonly (Delivered | UnfitBatchError)[]>;

  /** Called with what needs no further delivery: what is kept of these batches beside the store may go. */
  forget?(isDone: (batch: string) => boolean): Promise<void>;

  close(): Promise<void>;
}

/** Batches that are delivered together. */
export interface Shipment {
  /** Oldest first, at least one. Within a batch rows have no order of their own. */
  readonly batches: readonly ClosedBatch[];
  /**
   * Rows of a batch as the engine writes them, in pieces of any size; they never become objects. May be read repeatedly.
   * @throws UnfitBatchError, or EngineError when the store is the cause
   */
  read(batch: ClosedBatch, reading: Reading): AsyncIterable<Uint8Array>;
  /**
   * Counts the rows of a batch by what they have in common.
   * @returns the values that most rows have, the most frequent first
   * @throws as {@link read}
   */
  divide(batch: ClosedBatch, division: Division): Promise<readonly Share[]>;
}

/** Tables with the lines of a batch. */
export const shippedTables = ['requests', 'logs', 'rejects'] as const;
export type ShippedTable = (typeof shippedTables)[number];

/** A condition in SQL over a table, about what is stored once it is masked. */
export interface RowCondition {
  readonly sql: string;
  readonly params: Readonly<Record<string, unknown>>;
}

export interface Division {
  readonly table: ShippedTable;
  /** SQL of a text. */
  readonly by: string;
  /** Default all rows. */
  readonly where?: RowCondition;
  /** Longest list that is returned; default all values. */
  readonly most?: number;
}

/** Rows that are read with one statement. The embedded engine writes each answer to a file of limited size. */
export const readAtOnce = 50_000;

/** Rows with the same value. */
export interface Share {
  readonly value: string;
  readonly count: number;
}

/** What to read of a batch, and how the engine writes it. */
export interface Reading {
  readonly table: ShippedTable;
  /** Default all rows. */
  readonly where?: RowCondition;
  /** How many rows fulfil the condition. */
  readonly count?: number;
  /** Rows with the same value of this SQL come together, in its order. Only for at most {@link readAtOnce} rows, or whole. */
  readonly by?: string;
  /** SELECT list over the table; default all stored columns. */
  readonly select?: string;
  /** A ClickHouse output format; default one JSON object a line. */
  readonly format?: string;
  /** With one statement, however many rows there are: parts of a file in this format make no file. */
  readonly isWhole?: boolean;
  /** In an order that is the same at each reading, of rows with an identity. */
  readonly isOrdered?: boolean;
  /** Engine settings of the format. */
  readonly settings?: Readonly<Record<string, string | number>>;
}

/** A shipment is complete when any of the first two is reached, or the oldest batch has waited long enough. */
export interface Gathering {
  readonly mostBatches: number;
  readonly mostRows: number;
  readonly mostWaitMs: number;
}

/** What a destination has of a batch now. */
export interface Delivered {
  readonly rows: number;
  readonly bytes: number;
  /** Rows that the destination does not take; they must be in its backup then. */
  readonly refused?: number;
  /** What the backup has of them. */
  readonly backupBytes?: number;
  /** Rows that retention deleted before they were read. */
  readonly missing?: number;
  /** Files or objects that it wrote, if it counts them. */
  readonly objects?: number;
  /** What is odd about it. */
  readonly note?: string;
}

/** Something about this batch keeps it from being delivered, whatever becomes of others. */
export class UnfitBatchError extends Error {
  readonly batch: string;

  constructor(batch: string, cause: Error) {
    super(cause.message, { cause });
    this.batch = batch;
  }
}
