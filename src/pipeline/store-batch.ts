import { createReadStream, statSync } from 'node:fs';
import { pipeline } from 'node:stream/promises';
import { createGunzip } from 'node:zlib';
import type { Engine } from '../engine/engine.ts';
import { EngineError, isDiskFull } from '../engine/engine-error.ts';
import { batchLayoutId, isColumnLayout, isRefused } from '../layouts/batch-layout.ts';
import { hasCarriedHeader, otherHeaderReason } from '../layouts/line-verdict.ts';
import { makesOtherLines } from '../layouts/opening/opening-step.ts';
import { newBatchId } from '../ledger/batch-id.ts';
import type { Books } from '../ledger/books.ts';
import { hasKnownObjects, isClosed, writeLedger } from '../ledger/close-batch.ts';
import { countBatch, type ObjectCount, objectsWithReject } from '../ledger/count-batch.ts';
import { type PlannedObject, writePlan } from '../ledger/plans.ts';
import { areSettled, findBatchesAhead } from '../ledger/rival-batches.ts';
import { takeBack } from '../ledger/take-back.ts';
import type { BatchContext } from './batch-context.ts';
import { type FileInput, readFileOf } from './file-input.ts';
import { insertInputs } from './insert-inputs.ts';
import type { TakenDelivery } from './take-delivery.ts';

/** Thrown when files of a batch differ from what was planned. Nothing of the batch is stored then. */
export class UnexpectedContentError extends Error {
  /** Indexes into the batch's inputs. */
  readonly inputs: readonly number[];
  readonly kind: 'changed' | 'other-columns';

  constructor(kind: 'changed' | 'other-columns', inputs: readonly number[]) {
    super(kind === 'changed' ? 'a file changed while it was read' : 'the columns change within a file');
    this.kind = kind;
    this.inputs = inputs;
  }
}

/** What the books of a batch say. */
interface CountedBatch {
  /** One per input, in the same order. */
  readonly objects: readonly Books[];
  /** Rows of `logs` with the time of their arrival. */
  readonly untimedRows: number;
}

export interface StoredBatch extends CountedBatch {
  readonly batch: string;
}

/**
 * Stores files as one batch, atomically: plan, insert, count, close. When it throws, everything that the batch stored
 * is taken back. When the process dies, or the disk has no room even for that, the next start takes it back.
 *
 * @param deliveries what the inputs were made of
 * @param commit called when everything is inserted and counted; once it resolves, the batch counts as stored elsewhere
 */
export async function storeBatch(
  context: BatchContext,
  inputs: readonly FileInput[],
  deliveries: readonly TakenDelivery[],
  commit?: (batch: string) => Promise<void>,
): Promise<StoredBatch> {
  const { engine, worker, pipeline = '', bytes } = context;
  const batch = newBatchId();
  let counted: CountedBatch | undefined;
  try {
    await writePlan(engine, batch, inputs.map(planned), {
      worker: worker?.id ?? '',
      pipeline,
      isLeased: commit !== undefined,
    });
    await bytes?.keep(batch, pipeline, deliveries);
    await insertInputs(context, batch, inputs);
    counted = await checkBooks(engine, batch, inputs);
    if (commit) await commit(batch);
    else await refuseBehindRivals(context, batch);
    await close(engine, { batch, ...counted, isCommitted: commit !== undefined });
    return { batch, ...counted };
  } catch (cause) {
    if (cause instanceof UnclosedBatchError || cause instanceof UndecidedCommitError) throw cause;
    const isStored = await takeBack(engine, batch, cause);
    if (isStored && counted) return { batch, ...counted };
    await bytes?.drop(batch).catch(() => {});
    if (cause instanceof StoredElsewhereError) await areSettled(engine, cause.batches);
    // Once everything was read, a change of the files cannot be the cause.
    const changed = counted ? [] : changedFiles(inputs);
    throw changed.length > 0 ? new UnexpectedContentError('changed', changed) : cause;
  }
}

function planned(input: FileInput): PlannedObject {
  const { origin, version, layout, file, fromLine, isEnveloped } = input;
  const object = { origin, version, layout: batchLayoutId(layout), bytes: file.bytes, fromLine };
  const isPart = fromLine > 0 || isEnveloped || (!isRefused(layout) && makesOtherLines(layout.opening));
  const { statedBytes } = readFileOf(input);
  return isPart || statedBytes === undefined ? object : { ...object, statedBytes };
}

/** Among several workers, a batch may be closed by a live one, and if no other worker goes first with one of its objects. */
async function refuseBehindRivals({ engine, worker }: BatchContext, batch: string): Promise<void> {
  if (engine.kind === 'embedded') return;
  const ahead = await findBatchesAhead(engine, batch);
  if (ahead.length > 0) throw new StoredElsewhereError(batch, ahead);
  if (worker && !worker.isTrusted()) throw silent(batch);
}

/** For a worker that was silent too long: others may be taking the batch back already. */
function silent(batch: string): EngineError {
  return new EngineError(
    'TAILRACE_STORE_UNAVAILABLE',
    `cannot close batch "${batch}": the store was unreachable for too long; the batch is stored again`,
    { retryable: true },
  );
}

/** A complete batch that may or may not be closed. Only closing it again can tell. */
export class UnclosedBatchError extends EngineError {
  readonly stored: CompleteBatch;

  constructor(stored: CompleteBatch, cause: unknown) {
    const code = isDiskFull(cause) ? 'TAILRACE_DISK_FULL' : 'TAILRACE_STORE_UNAVAILABLE';
    super(code, `cannot close batch "${stored.batch}": ${(cause as Error).message}; it is tried again`, { cause });
    this.stored = stored;
  }
}

/** A batch whose lines are all inserted and counted. */
export interface CompleteBatch extends StoredBatch {
  /** Whether `commit` succeeded, so that the batch must no longer be taken back. */
  readonly isCommitted: boolean;
}

/** Another worker has, or stores, an object of the batch: nothing of it is stored, and its rest must be stored again. */
export class StoredElsewhereError extends Error {
  /** Those that store one of its objects. */
  readonly batches: readonly string[];

  constructor(batch: string, batches: readonly string[] = []) {
    super(`batch "${batch}" has objects that another worker stores`);
    this.batches = batches;
  }
}

/** Wraps what `commit` threw: the caller's answer, not a failure of the store. */
export class CommitError extends Error {}

/** The outcome of `commit` is unknown: the batch is left as it is until the origin is settled. */
export class UndecidedCommitError extends Error {}

/**
 * A statement may fail after its row became durable, and taking back a closed batch would lose it for good. It may also
 * do nothing, when others considered this worker dead and took the plan back, or have stored an object of the batch.
 */
async function close(engine: Engine, complete: CompleteBatch): Promise<void> {
  const { batch, isCommitted } = complete;
  const failure = await writeLedger(engine, batch).then(
    () => undefined,
    (cause: unknown) => ({ cause }),
  );
  if (!failure && engine.kind === 'embedded') return;
  const closed = await isClosed(engine, batch).catch(() => undefined);
  if (closed) return;
  if (closed === undefined || isCommitted) throw new UnclosedBatchError(complete, failure?.cause ?? silent(batch));
  if (await hasKnownObjects(engine, batch)) throw new StoredElsewhereError(batch);
  if (!failure) throw silent(batch);
  // The statement may still reach the store.
  const isStored = await takeBack(engine, batch, failure.cause).catch(() => {
    throw new UnclosedBatchError(complete, failure.cause);
  });
  if (!isStored) throw failure.cause;
}

/**
 * Compares what was received with what is stored and with what the files state about themselves. The engine counts the
 * lines, so the check must not rely on the engine alone: we read the size of a plain file and the gzip trailer.
 */
async function checkBooks(engine: Engine, batch: string, inputs: readonly FileInput[]): Promise<CountedBatch> {
  const changed = changedFiles(inputs);
  if (changed.length > 0) throw new UnexpectedContentError('changed', changed);
  const { objects, storedRows, storedRejects, untimedRows } = await countBatch(
    engine,
    batch,
    inputs.map(expectedHeader),
  );
  if (objects.length !== inputs.length) throw silent(batch);
  const odd = objects.filter(({ hasOtherColumns }) => hasOtherColumns).map(({ object }) => object);
  if (inputs.some(rejectsHeaders)) odd.push(...(await objectsWithReject(engine, batch, otherHeaderReason)));
  if (odd.length > 0)
    throw new UnexpectedContentError(
      'other-columns',
      odd.map((object) => object - 1),
    );
  for (const object of objects) {
    if (object.isOtherSize) await checkSize(object, inputs[object.object - 1] as FileInput);
  }
  const sum = (key: keyof Books) => objects.reduce((total, object) => total + object[key], 0);
  if (sum('rows') !== storedRows || sum('rejected') !== storedRejects) {
    throw new Error(
      `BUG: the books of batch ${batch} do not balance: ${sum('lines')} lines received, ${storedRows} of ${sum('rows')} rows and ` +
        `${storedRejects} of ${sum('rejected')} rejects stored; nothing of it was kept`,
    );
  }
  const books = objects.map(({ lines, rows, rejected, comments, excluded }) => ({
    lines,
    rows,
    rejected,
    comments,
    excluded,
  }));
  return { objects: books, untimedRows };
}

/** Columns that `#Fields` lines of an object may name; `null` where such lines have no meaning or the file is cut. */
function expectedHeader({ layout, isSegmented, fromLine }: FileInput): string | null {
  if (isSegmented || fromLine > 0 || !isColumnLayout(layout) || layout.framing.kind !== 'delimited') return null;
  return layout.namedBy === 'header' ? layout.columns.join(' ') : '';
}

/** Whether a header that names other columns is found as a reject. */
function rejectsHeaders({ layout, isSegmented }: FileInput): boolean {
  if (isSegmented || !isColumnLayout(layout) || layout.framing.kind !== 'delimited') return false;
  return layout.framing.header !== '' || hasCarriedHeader(layout);
}

async function checkSize({ contentBytes }: ObjectCount, input: FileInput): Promise<void> {
  const { origin, layout } = input;
  const file = readFileOf(input);
  if (isColumnLayout(layout) && layout.framing.kind === 'parquet') return;
  // With several gzip members the trailer states the size of the last one only, so we inflate the file ourselves.
  const size = file.content === 'gzip' ? await inflatedSize(file.path) : statSync(file.path).size;
  if (contentBytes - size !== 0 && contentBytes - size !== 1) {
    throw new Error(
      `cannot store "${origin}": ${size} bytes of content but the engine read ${contentBytes}; nothing of it was kept, run the command again`,
    );
  }
}

async function inflatedSize(path: string): Promise<number> {
  let size = 0;
  await pipeline(createReadStream(path), createGunzip(), async (chunks: AsyncIterable<Buffer>) => {
    for await (const chunk of chunks) size += chunk.length;
  });
  return size;
}

/** Synchronous, because a batch may hold thousands of files and the engine is idle until this is known. */
function changedFiles(inputs: readonly FileInput[]): number[] {
  return inputs.flatMap((input, index) => (hasChanged(input) ? [index] : []));
}

/** Whether a file was changed or removed since it was inspected. */
export function hasChanged({ file }: FileInput): boolean {
  const now = statSync(file.path, { throwIfNoEntry: false });
  return now?.size !== file.bytes || now.mtimeMs !== file.modifiedMs;
}
