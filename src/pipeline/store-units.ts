import { setTimeout as delay } from 'node:timers/promises';
import { EngineError } from '../engine/engine-error.ts';
import type { Delivery, Receipt } from '../sources/source.ts';
import type { BatchContext } from './batch-context.ts';
import { batchLayoutId, isRefused } from './batch-layout.ts';
import { recordEvents, writeEvent } from './events.ts';
import { addBooks, type Books, emptyBooks, type FileInput } from './file-input.ts';
import { groupBy } from './group-by.ts';
import { purgeBatches, writeLedger } from './ledger.ts';
import { emptied, type Preparation, prepareDelivery } from './prepare-delivery.ts';
import { rememberLayout } from './remember-layout.ts';
import { LeftBehindError, storeBatch, UnclosedBatchError, UnexpectedContentError } from './store-batch.ts';

/** The deliveries of one call, which are stored together or not at all. */
export interface Unit {
  readonly deliveries: readonly Delivery[];
  readonly bytes: number;
  readonly commit?: (batch: string) => Promise<void>;
  readonly signal?: AbortSignal;
  readonly resolve: (receipts: readonly Receipt[]) => void;
  readonly reject: (cause: unknown) => void;
}

export interface StoreEvents {
  readonly onEvent: (text: string) => void;
  readonly onProblem: (problem: string) => void;
  readonly onStored: () => void;
}

/** A unit whose deliveries lie in files. */
interface PreparedUnit {
  readonly unit: Unit;
  /** By delivery: the files that hold it. */
  inputs: FileInput[][];
}

/** What `commit` threw: not the store's failure, but the caller's answer. */
class CommitError extends Error {}

/**
 * Stores units as one batch. What passes is tried again until it does; when something is wrong with the bytes of one
 * unit, it is found, its lines become rejects, and the others are stored.
 */
export class StoreUnits {
  readonly #context: BatchContext;
  readonly #preparation: Preparation;
  readonly #closing: AbortSignal;
  readonly #events: StoreEvents;
  /** Batches that could not be taken back; nothing is stored before they are. */
  readonly #leftBehind = new Set<string>();

  constructor(context: BatchContext, preparation: Preparation, closing: AbortSignal, events: StoreEvents) {
    this.#context = context;
    this.#preparation = preparation;
    this.#closing = closing;
    this.#events = events;
  }

  /** Settles every unit's promise. */
  async store(units: readonly Unit[]): Promise<void> {
    const prepared: PreparedUnit[] = [];
    try {
      for (const unit of units) prepared.push(await this.retry([unit], () => this.#prepare(unit)));
      await this.#storePrepared(prepared);
    } finally {
      // The files of the source's own are the source's to remove.
      const written = prepared.flatMap(({ unit, inputs }) =>
        inputs.flatMap((files, index) => (unit.deliveries[index]?.content.kind === 'file' ? [] : files)),
      );
      for (const { file } of written) await this.#preparation.spool.remove(file.path);
    }
  }

  /** Repeats what fails with the store or the disk, with growing pauses. */
  async retry<T>(units: readonly Unit[], work: () => Promise<T>): Promise<T> {
    for (let attempt = 0; ; attempt++) {
      try {
        for (const batch of this.#leftBehind) {
          await purgeBatches(this.#context.engine, [batch]);
          this.#leftBehind.delete(batch);
        }
        const result = await work();
        this.#events.onStored();
        return result;
      } catch (cause) {
        if (cause instanceof LeftBehindError) this.#leftBehind.add(cause.batch);
        if (!mayPass(cause)) throw cause;
        this.#events.onProblem((cause as Error).message);
        await this.#pause(units, attempt);
      }
    }
  }

  async #pause(units: readonly Unit[], attempt: number): Promise<void> {
    const waitMs = Math.min(250 * 2 ** attempt, longestPauseMs) * (0.5 + Math.random());
    const ends = units.flatMap(({ signal }) => signal ?? []);
    const isLeft = () => ends.length === units.length && ends.every(({ aborted }) => aborted);
    for (let waited = 0; waited < waitMs; waited += pollMs) {
      if (this.#closing.aborted) throw this.#closing.reason;
      if (isLeft()) throw ends[0]?.reason;
      await delay(pollMs);
    }
  }

  async #prepare(unit: Unit): Promise<PreparedUnit> {
    const inputs: FileInput[][] = [];
    for (const delivery of unit.deliveries) inputs.push(await prepareDelivery(delivery, this.#preparation));
    return { unit, inputs };
  }

  async #storePrepared(prepared: readonly PreparedUnit[]): Promise<void> {
    const [first] = prepared;
    if (!first) return;
    try {
      await this.retry(
        prepared.map(({ unit }) => unit),
        () => this.#storeOnce(prepared),
      );
    } catch (cause) {
      if (cause instanceof CommitError) {
        first.unit.reject(cause.cause);
      } else if (cause instanceof UnclosedBatchError) {
        await this.#closeAgain(prepared, cause.batch);
      } else if (this.#closing.aborted || first.unit.signal?.aborted) {
        for (const { unit } of prepared) unit.reject(cause);
      } else {
        await this.#storeOdd(prepared, cause);
      }
    }
  }

  async #storeOnce(prepared: readonly PreparedUnit[]): Promise<void> {
    const inputs = prepared.flatMap((one) => one.inputs.flat());
    const layouts = groupBy(inputs, ({ layout }) => batchLayoutId(layout));
    for (const [example] of layouts.values()) {
      if (example) await rememberLayout(this.#context.engine, example.layout);
    }
    const [{ unit }] = prepared as readonly [PreparedUnit];
    const commit = unit.commit && ((batch: string) => wrapCommit(unit.commit as NonNullable<Unit['commit']>, batch));
    const { batch, objects } = await storeBatch(this.#context, inputs, commit);
    settle(prepared, objects);
    await this.#look(batch, inputs, objects).catch((cause: Error) => this.#events.onProblem(cause.message));
  }

  /** Whatever was committed elsewhere is stored: only its last row is missing, and nobody else will write it. */
  async #closeAgain(prepared: readonly PreparedUnit[], batch: string): Promise<void> {
    await this.retry([], () => writeLedger(this.#context.engine, batch));
    settle(prepared, []);
  }

  /** Something is wrong with the bytes of a unit: finds it, and reads what is odd about it in another way. */
  async #storeOdd(prepared: readonly PreparedUnit[], cause: unknown): Promise<void> {
    const inputs = prepared.flatMap((one) => one.inputs.flat());
    const odd = oddInputs(inputs, cause);
    if (odd.size === 0 && prepared.length > 1) {
      const middle = prepared.length >> 1;
      await this.#storePrepared(prepared.slice(0, middle));
      await this.#storePrepared(prepared.slice(middle));
      return;
    }
    const suspects = odd.size > 0 ? odd : new Set(inputs);
    for (const one of prepared) {
      for (const [index, files] of one.inputs.entries()) {
        one.inputs[index] = await Promise.all(
          files.map((input) => (suspects.has(input) ? this.#otherwise(input, cause) : input)),
        );
      }
    }
    await this.#storePrepared(prepared);
  }

  /** From what was tried to what is left: cut at its headers, kept as rejects, kept as a line in the books. */
  async #otherwise(input: FileInput, cause: unknown): Promise<FileInput> {
    if (cause instanceof UnexpectedContentError && !input.isSegmented) return { ...input, isSegmented: true };
    const { message } = cause as Error;
    if (!isRefused(input.layout)) {
      this.#events.onEvent(`unreadable: ${input.origin}: ${message}`);
      const { isSegmented: _, isEnveloped: __, ...plain } = input;
      return { ...plain, layout: { refused: 'cannot be taken apart as the format that it looks like' } };
    }
    if (input.file.bytes > 0) return emptied(input, this.#preparation.spool);
    throw cause;
  }

  /** Writes down what somebody should know about a batch that is stored. */
  async #look(batch: string, inputs: readonly FileInput[], objects: readonly Books[]): Promise<void> {
    const { engine } = this.#context;
    const groups = groupBy(inputs.keys(), (place) => batchLayoutId((inputs[place] as FileInput).layout));
    for (const places of groups.values()) {
      const books = places.map((place) => objects[place] ?? emptyBooks).reduce(addBooks, emptyBooks);
      const input = inputs[places[0] as number] as FileInput;
      const { layout, isSegmented, origin } = input;
      if (isRefused(layout) && books.lines === 0) {
        await writeEvent(engine, { name: 'object_refused', origin, batch, detail: layout.refused });
        this.#events.onEvent(`object_refused: ${origin}: ${layout.refused}`);
      } else if (books.rejected > 0 || isSegmented) {
        const events = await recordEvents(engine, { ...books, batch }, layout, isSegmented ? origin : undefined);
        for (const event of events) this.#events.onEvent(event);
      }
    }
  }
}

const longestPauseMs = 10_000;
const pollMs = 50;

async function wrapCommit(commit: (batch: string) => Promise<void>, batch: string): Promise<void> {
  try {
    await commit(batch);
  } catch (cause) {
    throw new CommitError('the caller refused the batch', { cause });
  }
}

/** Hands each unit the books of its own deliveries. */
function settle(prepared: readonly PreparedUnit[], objects: readonly Books[]): void {
  let place = 0;
  for (const { unit, inputs } of prepared) {
    const receipts = inputs.map((files) => {
      const books = files.map((_, index) => objects[place + index] ?? emptyBooks).reduce(addBooks, emptyBooks);
      place += files.length;
      return { known: false, ...books };
    });
    unit.resolve(receipts);
  }
}

function oddInputs(inputs: readonly FileInput[], cause: unknown): Set<FileInput> {
  const places =
    cause instanceof UnexpectedContentError
      ? cause.inputs
      : cause instanceof EngineError && cause.object !== undefined
        ? [cause.object - 1]
        : [];
  return new Set(places.flatMap((place) => inputs[place] ?? []));
}

/** Disk full, store gone, engine busy: whatever has nothing to do with what is stored. */
function mayPass(cause: unknown): boolean {
  if (cause instanceof EngineError) {
    return cause.retryable || cause.code === 'TAILRACE_DISK_FULL' || cause.code === 'TAILRACE_STORE_UNAVAILABLE';
  }
  const code = cause instanceof Error && 'code' in cause ? cause.code : undefined;
  return code === 'ENOSPC' || code === 'EMFILE' || code === 'EDQUOT';
}
