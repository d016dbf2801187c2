import { readThrough } from '../framing/files/odd-lines.ts';
import { batchLayoutId, isRefused } from '../layouts/batch-layout.ts';
import { newBatchId } from '../ledger/batch-id.ts';
import { closeAgain, closeCommitted, isClosed } from '../ledger/close-batch.ts';
import { groupBy } from '../ledger/group-by.ts';
import { leaveBehind } from '../ledger/left-behind.ts';
import { rememberLayout } from '../ledger/remember-layout.ts';
import { takeBack } from '../ledger/take-back.ts';
import type { BatchContext } from './batch-context.ts';
import { isExcess, isUnexplained, mayPass, NotTheBytesError, oddInputs } from './batch-failure.ts';
import type { FileInput } from './file-input.ts';
import type { Patience, StoreEvents } from './patience.ts';
import { emptied, type Preparation, prepareDelivery } from './prepare-delivery.ts';
import { asRejects, cutAtHeaders, isRefusable, type PreparedUnit, refuse, settle, type Unit } from './prepared-unit.ts';
import { withReadableCopy } from './readable-copy.ts';
import type { Spool, SpoolFiles } from './spool.ts';
import {
  CommitError,
  hasChanged,
  StoredElsewhereError,
  storeBatch,
  UnclosedBatchError,
  UndecidedCommitError,
  UnexpectedContentError,
} from './store-batch.ts';
import type { TakenDelivery } from './take-delivery.ts';
import { tellOfBatch } from './tell-of-batch.ts';
import { type Arrived, readArrived } from './watch-tallies.ts';

/**
 * Stores units as one batch. Transient failures are retried until they pass. When the bytes of one unit cause the
 * failure, that unit is found, its lines become rejects, and the others are stored.
 */
export class StoreUnits {
  readonly #context: BatchContext;
  readonly #preparation: Omit<Preparation, 'files'>;
  readonly #spool: Spool;
  readonly #patience: Patience;
  readonly #events: StoreEvents;
  readonly #underWay = new Set<FileInput>();
  readonly #opened = newBatchId();

  constructor(
    context: BatchContext,
    preparation: Omit<Preparation, 'files'>,
    spool: Spool,
    patience: Patience,
    events: StoreEvents,
  ) {
    this.#context = context;
    this.#preparation = preparation;
    this.#spool = spool;
    this.#patience = patience;
    this.#events = events;
  }

  /**
   * Settles every unit's promise. When it throws, nothing of the unsettled units is stored.
   * @throws CallerLeftError when the signal of one unit aborted
   * @throws StoredElsewhereError when another worker has stored one of their objects meanwhile
   */
  async store(units: readonly Unit[]): Promise<void> {
    const begun: SpoolFiles[] = [];
    try {
      const prepared: PreparedUnit[] = [];
      for (const unit of units) {
        const files = this.#spool.begin();
        begun.push(files);
        await this.#orRefuse(unit, async () => void prepared.push(await this.#prepare(unit, files)));
      }
      await this.#storePrepared(prepared);
    } finally {
      for (const files of begun) await files.remove();
    }
  }

  /** What has arrived of the batches that are being stored; a large file may take minutes. */
  async arrived(): Promise<Arrived> {
    if (this.#underWay.size === 0) return { rows: 0, bytes: 0 };
    return readArrived(this.#context.engine, this.#opened, this.#underWay);
  }

  /** Rejects the unit's call on a permanent failure; the others continue. */
  async #orRefuse(unit: Unit, work: () => Promise<void>): Promise<void> {
    try {
      await work();
    } catch (cause) {
      if (this.#patience.isOver(cause)) throw cause;
      refuse(unit, cause);
    }
  }

  #prepare(unit: Unit, files: SpoolFiles): Promise<PreparedUnit> {
    return this.#patience.retry([unit], async () => {
      // Files of an earlier attempt would take up the disk space whose lack made it fail.
      await files.remove();
      const inputs: FileInput[][] = [];
      for (const delivery of unit.deliveries)
        inputs.push(await prepareDelivery(delivery, { ...this.#preparation, files }));
      return { unit, inputs, files };
    });
  }

  async #storePrepared(prepared: readonly PreparedUnit[], once = () => this.#storeOnce(prepared)): Promise<void> {
    const units = prepared.map(({ unit }) => unit);
    const [first] = units;
    if (!first) return;
    try {
      await this.#patience.retry(units, once);
    } catch (cause) {
      if (cause instanceof UnclosedBatchError) await this.#closeAgain(prepared, cause);
      else if (cause instanceof CommitError) first.reject(cause.cause);
      else if (cause instanceof UndecidedCommitError || cause instanceof StoredElsewhereError) throw cause;
      else if (this.#patience.isOver(cause) || mayPass(cause)) throw cause;
      else await this.#storeOdd(prepared, cause);
    }
  }

  async #storeOnce(prepared: readonly PreparedUnit[]): Promise<void> {
    const inputs = prepared.flatMap((one) => one.inputs.flat());
    const layouts = groupBy(inputs, ({ layout }) => batchLayoutId(layout));
    for (const [example] of layouts.values()) {
      if (example) await rememberLayout(this.#context.engine, example.layout);
    }
    const commit = prepared[0]?.unit.commit;
    for (const input of inputs) this.#underWay.add(input);
    const deliveries = prepared.flatMap(({ unit }) => unit.deliveries);
    const committed = commit && ((batch: string) => this.#commit(commit, batch));
    const stored = await storeBatch(this.#context, inputs, deliveries, committed).finally(() => {
      for (const input of inputs) this.#underWay.delete(input);
    });
    settle(prepared, stored.objects);
    await this.#tell(() => tellOfBatch(this.#context.engine, stored, inputs));
  }

  /** A commit with an unknown outcome blocks its batch, but delays closing the sink only for {@link commitGraceMs}. */
  async #commit(commit: (batch: string) => Promise<void>, batch: string): Promise<void> {
    const answer = (async () => {
      try {
        await commit(batch);
        return true;
      } catch (cause) {
        throw new CommitError('the caller refused the batch', { cause });
      }
    })();
    const isKnown = await this.#patience.untilClosed(answer, commitGraceMs);
    if (!isKnown) throw new UndecidedCommitError(`cannot learn whether batch "${batch}" was committed`);
  }

  /** Everything is inserted; at most the ledger row is missing. */
  async #closeAgain(prepared: readonly PreparedUnit[], { stored }: UnclosedBatchError): Promise<void> {
    const { engine, worker } = this.#context;
    const { batch, objects, isCommitted } = stored;
    const close = async () => {
      if (isCommitted) return closeCommitted(engine, batch).then(() => true);
      const mayClose = !worker || worker.isTrusted();
      const closed = mayClose ? await closeAgain(engine, batch) : await isClosed(engine, batch);
      return closed || takeBack(engine, batch, undefined);
    };
    try {
      if (await this.#patience.retry([], close, () => true)) return settle(prepared, objects);
    } catch (cause) {
      if (!isCommitted) leaveBehind(engine, batch);
      throw cause;
    }
    await this.#storePrepared(prepared);
  }

  /** The bytes of a unit may be the cause: finds the unit, and reads its odd files in another way. */
  async #storeOdd(prepared: readonly PreparedUnit[], cause: unknown): Promise<void> {
    const cut = isExcess(cause) ? await this.#withoutLongLines(prepared) : undefined;
    if (cut) return this.#storePrepared(cut);
    const odd = oddInputs(
      prepared.flatMap((one) => one.inputs.flat()),
      cause,
    );
    const [first] = prepared as readonly [PreparedUnit];
    if (odd.size === 0 && prepared.length === 1) {
      if (isRefusable(first.unit)) refuse(first.unit, cause);
      else await this.#storePrepared(prepared, this.#orAsRejects(first));
    } else if (odd.size === 0) {
      const middle = prepared.length >> 1;
      await this.#storePrepared(prepared.slice(0, middle));
      await this.#storePrepared(prepared.slice(middle));
    } else {
      const again: PreparedUnit[] = [];
      for (const one of prepared) {
        await this.#orRefuse(one.unit, async () => void again.push(await this.#readOtherwise(one, odd, cause)));
      }
      await this.#storePrepared(again);
    }
  }

  /** Memory runs out on a too long line that inspection did not find. @returns undefined when that is not the cause */
  async #withoutLongLines(prepared: readonly PreparedUnit[]): Promise<PreparedUnit[] | undefined> {
    let isFound = false;
    const again: PreparedUnit[] = [];
    for (const one of prepared) {
      const inputs: FileInput[][] = [];
      for (const input of one.inputs)
        inputs.push(await Promise.all(input.map((file) => this.#cutCopy(file, one.files))));
      isFound ||= inputs.flat().some((input, index) => input.copy && !one.inputs.flat()[index]?.copy);
      again.push({ ...one, inputs });
    }
    return isFound ? again : undefined;
  }

  /** Lines that came from memory were already cut when they were written. */
  async #cutCopy(input: FileInput, files: SpoolFiles): Promise<FileInput> {
    if (input.file.content !== 'gzip' || input.odd?.areLong) return input;
    return withReadableCopy({ ...input, odd: await readThrough(input.file) }, files);
  }

  /** The failure does not show whether the bytes are the cause: when even rejects cannot be stored, the store is. */
  #orAsRejects(one: PreparedUnit): () => Promise<void> {
    let excesses = 0;
    let wasTaking = false;
    return async () => {
      try {
        await this.#storeOnce([one]);
      } catch (cause) {
        if (!isUnexplained(cause)) throw cause;
        // Memory and time also run out when the store is busy with other work.
        if (isExcess(cause) && ++excesses < maxExcesses) throw new NotTheBytesError(cause as Error);
        // A store failure may end before the unit is stored as rejects. So the unit must fail once more after a probe
        // shows that the store accepts inserts.
        const isTaking = await this.#takesAnything();
        if (!isTaking || !wasTaking) {
          wasTaking = isTaking;
          throw new NotTheBytesError(cause as Error);
        }
        const refused = { ...one, inputs: one.inputs.map((files) => files.map((input) => asRejects(input))) };
        await this.#storeOnce([refused]).catch((failure) => {
          throw isUnexplained(failure) ? new NotTheBytesError(cause as Error) : failure;
        });
        this.#tellUnreadable(one.inputs.flat(), cause as Error);
      }
    };
  }

  /** Probes the store with empty inserts into the tables that lines go through. */
  async #takesAnything(): Promise<boolean> {
    try {
      for (const table of ['landing', 'landing_logs']) {
        await this.#context.engine.run({ sql: `INSERT INTO ${table} SELECT * FROM ${table}` });
      }
      return true;
    } catch {
      return false;
    }
  }

  #tellUnreadable(inputs: readonly FileInput[], { message }: Error): void {
    for (const { origin } of inputs) this.#events.onEvent(`unreadable: ${origin}: ${message}`);
  }

  /** Reads a unit's odd files in another way. @throws the cause when there is no other way */
  async #readOtherwise(one: PreparedUnit, odd: ReadonlySet<FileInput>, cause: unknown): Promise<PreparedUnit> {
    const { unit, files } = one;
    const isGone = one.inputs.map((inputs) => inputs.some((input) => odd.has(input) && hasChanged(input)));
    if (isGone.some((gone, index) => gone && unit.deliveries[index]?.file)) throw cause;
    if (isGone.includes(true)) {
      // Another process changed our spool files; their content is still available.
      await this.#patience.pause([unit], 0, cause as Error);
      return this.#prepare(unit, files);
    }
    const inputs: FileInput[][] = [];
    for (const [index, read] of one.inputs.entries()) {
      const kind = unit.deliveries[index]?.content.kind;
      inputs.push(
        await Promise.all(read.map((input) => (odd.has(input) ? this.#otherwise(input, cause, kind, files) : input))),
      );
    }
    return { ...one, inputs };
  }

  /** The next fallback: cut at the headers, then keep as rejects, then record only a line in the books. */
  async #otherwise(
    input: FileInput,
    cause: unknown,
    kind: TakenDelivery['content']['kind'] | undefined,
    files: SpoolFiles,
  ): Promise<FileInput> {
    if (cause instanceof UnexpectedContentError && !input.isSegmented) return cutAtHeaders(input);
    if (kind === 'user-file') throw cause;
    if (!isRefused(input.layout)) {
      this.#tellUnreadable([input], cause as Error);
      return asRejects(input);
    }
    // A delivered file stays with its source when nothing of it can be read.
    if (kind === 'file' && input.file.bytes > 0) return emptied(input, files);
    throw cause;
  }

  /** The batch is stored already, so a failure here must not fail it. */
  async #tell(look: () => Promise<readonly string[]>): Promise<void> {
    try {
      for (const text of await look()) this.#events.onEvent(text);
    } catch (cause) {
      this.#events.onProblem((cause as Error).message);
    }
  }
}

const commitGraceMs = 10_000;
/** How often a unit may exceed the store's limits before the unit counts as the cause. */
const maxExcesses = 5;
