import { setTimeout as pause } from 'node:timers/promises';
import type { ClosedBatch } from '../../ledger/shipments.ts';
import { backoffMs } from '../../waiting/backoff.ts';
import { cutRows, type RowPart, selectRows } from '../cut-rows.ts';
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
}

/**
 * Hands rows to the user's own code, which runs in a process of its own: whatever it does, it harms neither this program nor the
 * store. Calls have a key that depends on their rows alone: who keeps it has each row once, whatever is repeated.
 */
export function createModuleDestination(options: ModuleOptions): Destination {
  return new ModuleDestination(options);
}

const pauses = { firstMs: 500, longestMs: 30_000 };

/** Rows of one call. */
interface Parcel extends RowPart {
  readonly batch: string;
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
      return [];
    } catch (cause) {
      return [(cause as Error).message];
    } finally {
      await this.close();
    }
  }

  async open(signal: AbortSignal, tell: (text: string) => void): Promise<void> {
    this.#tell = tell;
    await this.#running(signal);
  }

  async ship({ batches, read }: Shipment, signal: AbortSignal): Promise<readonly Delivered[]> {
    const delivered: Delivered[] = [];
    for (const batch of batches) delivered.push(await this.#shipBatch(batch, read, signal));
    return delivered;
  }

  async close(): Promise<void> {
    await this.#process?.close();
    this.#process = undefined;
  }

  async #shipBatch(batch: ClosedBatch, read: Shipment['read'], signal: AbortSignal): Promise<Delivered> {
    const { tables, maxBytes, batchRows } = this.#options;
    const delivered = { rows: 0, bytes: 0 };
    let promised = 0;
    for (const table of tables.filter((table) => batch[table] > 0)) {
      promised += batch[table];
      let number = 0;
      for await (const rows of cutRows(read(batch, { table, isOrdered: true }), maxBytes, batchRows)) {
        await this.#deliver({ ...rows, batch: batch.batch, table, part: ++number }, signal);
        delivered.rows += rows.rows;
        delivered.bytes += rows.bytes.length;
      }
    }
    return { ...delivered, missing: promised - delivered.rows };
  }

  /** @throws UnfitBatchError when rows are not taken; Error when the module takes nothing now */
  async #deliver(parcel: Parcel, signal: AbortSignal): Promise<void> {
    const { attempts } = this.#options;
    let left = parcel;
    for (let attempt = 1; ; attempt++) {
      const isLast = attempt === attempts;
      const outcome = await this.#write(left, attempt, signal);
      if (outcome instanceof Error) {
        if (isLast) await this.#probe(signal);
        if (isLast) throw new UnfitBatchError(parcel.batch, outcome);
        this.#tell(outcome.message);
      } else {
        const refused = outcome.filter(({ retry }) => isLast || !retry);
        if (refused[0]) throw new UnfitBatchError(parcel.batch, this.#refusal(refused[0], refused.length));
        if (outcome.length === 0) return;
        left = { ...left, ...selectRows(left, new Set(outcome.map(({ index }) => index))) };
      }
      await pause(backoffMs(attempt, pauses), undefined, { signal });
    }
  }

  /** @returns rows that are not taken; or why the call failed */
  async #write(
    { batch, table, part, bytes }: Parcel,
    attempt: number,
    signal: AbortSignal,
  ): Promise<readonly FailedRow[] | Error> {
    const running = await this.#running(signal);
    const id = keyOfRows(batch, table, bytes);
    try {
      return await running.ask({ call: 'write', table, id, batch, part, attempt }, signal, bytes);
    } catch (cause) {
      if (cause instanceof ModuleFault) return this.#explain(cause.message);
      throw cause;
    }
  }

  /** Starts it anew, and asks whether it could deliver. @throws Error when it could not */
  async #probe(signal: AbortSignal): Promise<void> {
    await this.close();
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

  #refusal({ reason }: FailedRow, count: number): Error {
    return this.#explain(`it does not take ${count} rows, the first because of "${reason}"; see why`);
  }

  #explain(fault: string): Error {
    return new Error(`cannot deliver to "${this.#options.path}": ${fault}`);
  }
}
