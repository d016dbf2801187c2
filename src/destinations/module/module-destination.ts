import { setTimeout as pause } from 'node:timers/promises';
import type { ClosedBatch } from '../../ledger/shipments.ts';
import { backoffMs } from '../../waiting/backoff.ts';
import type { Backup } from '../backup/backup.ts';
import { cutRows, type RowPart, selectRows, splitRows } from '../cut-rows.ts';
import { type Delivered, type Destination, type Shipment, type ShippedTable, UnfitBatchError } from '../destination.ts';
import { keyOfRows } from '../rows-key.ts';
import { ModuleFault, ModuleProcess } from './module-process.ts';
import { selectEnvironment } from './select-environment.ts';
import type { FailedRow } from './user-module.ts';

export interface ModuleOptions {
  /** Absolute path of the user's file. */
  readonly path: string;
  /** Whose rows are written. */
  readonly tables: readonly ShippedTable[];
  /** Most rows of a call. */
  readonly batchRows: number;
  /** Most bytes of the rows of a call, as JSON; a longer row comes alone. */
  readonly maxBytes: number;
  /** For a call of the module. */
  readonly timeoutMs: number;
  /** Bytes, of its process. */
  readonly maxMemory: number;
  /** How often rows are written before they count as refused. */
  readonly attempts: number;
  /** Names of variables that it sees; `AWS_*` stands for all that begin so. */
  readonly env: readonly string[];
  /** Passed to the module. */
  readonly options: Readonly<Record<string, unknown>>;
  /** Where refused rows are kept; without it, a batch with one is not delivered. */
  readonly backup?: Backup;
}

/**
 * Hands rows to the user's own code, which runs in a process of its own: whatever it does, it harms neither this program nor the
 * store. Calls have a key that depends on their rows alone: who keeps it has each row once, whatever is repeated.
 */
export function createModuleDestination(options: ModuleOptions): Destination {
  return new ModuleDestination(options);
}

const pauses = { firstMs: 500, longestMs: 30_000 };

/** A row that is not taken, by itself or because its call failed. */
interface Failure extends FailedRow {
  readonly errorCode: 'Module.RowFailed' | 'Module.CallFailed';
}

/** Rows of one call. */
interface Parcel extends RowPart {
  readonly batch: ClosedBatch;
  readonly table: ShippedTable;
  readonly part: number;
}

class ModuleDestination implements Destination {
  readonly type = 'module';
  readonly #options: ModuleOptions;
  #process: ModuleProcess | undefined;
  #tell: (text: string) => void = () => {};

  constructor(options: ModuleOptions) {
    this.#options = options;
  }

  async check(signal: AbortSignal): Promise<readonly string[]> {
    try {
      await this.#probe(signal);
      return (await this.#options.backup?.check(signal)) ?? [];
    } catch (cause) {
      return [(cause as Error).message];
    } finally {
      await this.#end();
    }
  }

  async open(signal: AbortSignal, tell: (text: string) => void): Promise<void> {
    this.#tell = tell;
    await this.#options.backup?.open(signal);
    await this.#running(signal);
  }

  async ship({ batches, read }: Shipment, signal: AbortSignal): Promise<readonly Delivered[]> {
    const { backup } = this.#options;
    const delivered: Delivered[] = [];
    for (const batch of batches) {
      // Of a delivery that failed.
      await backup?.discard();
      const done = await this.#shipBatch(batch, read, signal);
      const [backupBytes = 0] = (await backup?.publish([batch], signal)) ?? [];
      delivered.push({ ...done, backupBytes });
    }
    return delivered;
  }

  async close(): Promise<void> {
    await this.#end();
    await this.#options.backup?.close();
  }

  async #end(): Promise<void> {
    await this.#process?.close();
    this.#process = undefined;
  }

  async #shipBatch(batch: ClosedBatch, read: Shipment['read'], signal: AbortSignal): Promise<Delivered> {
    const { tables, maxBytes, batchRows } = this.#options;
    const sent = { rows: 0, bytes: 0 };
    let promised = 0;
    let refused = 0;
    for (const table of tables.filter((table) => batch[table] > 0)) {
      promised += batch[table];
      let number = 0;
      for await (const part of cutRows(read(batch, { table, isOrdered: true }), maxBytes, batchRows)) {
        refused += await this.#deliver({ ...part, batch, table, part: ++number }, signal);
        sent.rows += part.rows;
        sent.bytes += part.bytes.length;
      }
    }
    return { rows: sent.rows - refused, bytes: sent.bytes, refused, missing: promised - sent.rows };
  }

  /**
   * @returns number of rows that are refused, and kept in the backup
   * @throws UnfitBatchError when there is none; Error when the module takes nothing now
   */
  async #deliver(parcel: Parcel, signal: AbortSignal): Promise<number> {
    let refused = 0;
    let left = parcel;
    for (let attempt = 1; ; attempt++) {
      const isLast = attempt >= this.#options.attempts;
      const failures = await this.#write(left, attempt, signal);
      if (isLast && failures.some(({ retry }) => retry)) await this.#probe(signal);
      const final = failures.filter(({ retry }) => isLast || !retry);
      await this.#refuse(left, final, attempt);
      refused += final.length;
      if (final.length === failures.length) return refused;
      const again = failures.filter(({ retry }) => retry).map(({ index }) => index);
      left = { ...left, ...selectRows(left, new Set(again)) };
      await pause(backoffMs(attempt, pauses), undefined, { signal });
    }
  }

  async #write(parcel: Parcel, attempt: number, signal: AbortSignal): Promise<readonly Failure[]> {
    const { table, part, bytes, rows } = parcel;
    const { batch } = parcel.batch;
    const running = await this.#running(signal);
    const call = { call: 'write', table, id: keyOfRows(batch, table, bytes), batch, part, attempt } as const;
    try {
      const failed = await running.ask(call, signal, bytes);
      return failed.map((failure) => ({ ...failure, errorCode: 'Module.RowFailed' }));
    } catch (cause) {
      if (!(cause instanceof ModuleFault)) throw cause;
      const { message: reason } = this.#explain(cause.message);
      this.#tell(reason);
      return Array.from({ length: rows }, (_, index) => ({
        index,
        reason,
        retry: true,
        errorCode: 'Module.CallFailed',
      }));
    }
  }

  /** @throws UnfitBatchError when there is no backup */
  async #refuse(parcel: Parcel, failures: readonly Failure[], attempts: number): Promise<void> {
    const [first] = failures;
    if (first === undefined) return;
    const { backup } = this.#options;
    const fault =
      first.errorCode === 'Module.CallFailed'
        ? new Error(first.reason)
        : this.#explain(`it does not take a row, "${first.reason}"; see why, or set backup`);
    if (!backup) throw new UnfitBatchError(parcel.batch.batch, fault);
    this.#tell(this.#explain(`some rows are refused; they are kept in "${backup.place}" with the reasons`).message);
    const rows = splitRows(parcel);
    for (const { index, reason, errorCode } of failures) {
      const rawData = rows[index]?.subarray(0, -1) ?? Buffer.alloc(0);
      await backup.keep(parcel.batch, { attempts, errorCode, errorMessage: reason, rawData });
    }
  }

  /** Starts it anew, and asks whether it could deliver. @throws Error when it could not */
  async #probe(signal: AbortSignal): Promise<void> {
    await this.#end();
    const running = await this.#running(signal);
    await this.#explained(() => running.ask({ call: 'check' }, signal));
  }

  /** @throws Error when it does not start */
  async #running(signal: AbortSignal): Promise<ModuleProcess> {
    if (this.#process && !this.#process.hasEnded) return this.#process;
    const { path, maxMemory, timeoutMs, env, options } = this.#options;
    const environment = selectEnvironment(process.env, env);
    const tell = (text: string) => this.#tell(text);
    this.#process = await this.#explained(() =>
      ModuleProcess.start({ path, maxMemory, timeoutMs, environment, options, tell }, signal),
    );
    return this.#process;
  }

  async #explained<T>(work: () => Promise<T>): Promise<T> {
    try {
      return await work();
    } catch (cause) {
      throw cause instanceof ModuleFault ? this.#explain(cause.message) : cause;
    }
  }

  #explain(fault: string): Error {
    return new Error(`cannot deliver to "${this.#options.path}": ${fault}`);
  }
}
