import type { LogRow, RejectRow, RequestRow } from './row-types.ts';

export type { LogRow, RejectRow, RequestRow };

/**
 * What the default export of a module is: `tailrace/module` for its author. Tailrace calls `open` once in each process, then the
 * others, one at a time. Only `write` is required.
 */
export interface ModuleDestination<Options = Readonly<Record<string, unknown>>> {
  /** Prepares; its result is awaited. If it throws, everything waits and is tried again. Must leave nothing behind. */
  open?(context: ModuleContext<Options>): unknown;
  /** Throws when rows could not be delivered now. `tailrace check` asks, and Tailrace when `write` has failed repeatedly. */
  check?(context: ModuleContext<Options>): unknown;
  /**
   * Delivers rows of one table. They count as delivered when it returns. After a failure, or a kill of Tailrace, rows that were
   * delivered may come again, under the same `id`.
   * @returns nothing when all rows are delivered, or those that are not
   * @throws when all rows of this call are to be written again
   */
  write(batch: RowBatch): Promise<void> | Promise<WriteResult | undefined> | WriteResult | undefined;
  /** Before the process ends; its result is awaited for five seconds. */
  close?(): unknown;
}

export interface ModuleContext<Options = Readonly<Record<string, unknown>>> {
  /** `options` of the configuration. */
  readonly options: Options;
  /** Aborts when `timeout` is over, or Tailrace stops. */
  readonly signal: AbortSignal;
}

export type RowBatch = TableRows<'requests', RequestRow> | TableRows<'logs', LogRow> | TableRows<'rejects', RejectRow>;

/** Rows of one table and one batch. */
export interface TableRows<Table, Row> {
  readonly table: Table;
  /** At least one, at most `batchRows`. */
  readonly rows: readonly Row[];
  /** The same whenever the same rows come, and never that of others: who keeps it has each row once. */
  readonly id: string;
  /** Id of the batch; with `object` and `line_number` of a row it identifies the row. */
  readonly batch: string;
  /** Number of these rows within batch and table, from 1. */
  readonly part: number;
  /** 1 when they come for the first time in this delivery of the batch. */
  readonly attempt: number;
  /** Aborts when `timeout` is over, or Tailrace stops. A second later the process is killed. */
  readonly signal: AbortSignal;
}

export interface WriteResult {
  /** Rows that are not delivered. */
  readonly failed: readonly FailedRow[];
}

export interface FailedRow {
  /** Position in `rows`, from 0. */
  readonly index: number;
  /** For people, and for the backup. */
  readonly reason: string;
  /** Whether it is worth another attempt, after a pause; otherwise the row goes to the backup at once. */
  readonly retry?: boolean;
}
