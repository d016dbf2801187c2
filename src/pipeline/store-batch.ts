import { createReadStream, statSync } from 'node:fs';
import { pipeline } from 'node:stream/promises';
import { createGunzip } from 'node:zlib';
import type { Engine, Input } from '../engine/engine.ts';
import { EngineError } from '../engine/engine-error.ts';
import { compileInsert, compileProbe, type Origin } from '../layouts/compile-insert.ts';
import type { Layout } from '../layouts/layout.ts';
import { otherHeaderReason } from '../layouts/line-verdict.ts';
import { readObjectName } from '../sources/files/object-name.ts';
import { newBatchId } from './batch-id.ts';
import type { Books, FileInput } from './file-input.ts';
import { insertSettings } from './insert-settings.ts';
import {
  countBatch,
  isClosed,
  objectsOfOtherSize,
  objectsWithOtherColumns,
  objectsWithReject,
  purgeBatches,
  writeLedger,
  writePlan,
} from './ledger.ts';

/** The store, as far as a batch needs it. */
export interface BatchContext {
  readonly engine: Engine;
  refresh(): Promise<void>;
}

/** Thrown when files of a batch turn out to be other than planned. Nothing of the batch is stored then. */
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

/** A run of lines that have one layout: `from <= number < until`. */
export interface Segment {
  readonly layout: Layout;
  readonly from: number;
  readonly until: number;
}

/**
 * Stores files of one layout as one batch, wholly or not at all: plan, insert, count, close. When it throws, everything
 * that the batch had stored is taken back; when the process dies instead, or the disk has no room even for that, the
 * next start does it.
 *
 * @param segmentsOf finds the segments of a single file whose columns change midway; without it a file is one segment,
 *   and a change of columns throws {@link UnexpectedContentError}
 */
export async function storeBatch(
  context: BatchContext,
  inputs: readonly FileInput[],
  segmentsOf?: (batch: string) => Promise<readonly Segment[]>,
): Promise<Books & { batch: string }> {
  const [first] = inputs;
  if (!first) throw new Error('BUG: a batch without files');
  const { layout, fromLine } = first;
  const batch = newBatchId();
  await writePlan(context.engine, batch, inputs);
  try {
    const segments = (await segmentsOf?.(batch)) ?? [{ layout, from: fromLine, until: Number.MAX_SAFE_INTEGER }];
    for (const segment of segments) await insertLines(context, batch, segment, inputs);
    const books = await checkBooks(context.engine, batch, inputs, segments);
    await close(context.engine, batch, layout.format.name);
    return { ...books, batch };
  } catch (cause) {
    await takeBack(context.engine, batch, cause);
    const changed = changedFiles(inputs);
    throw changed.length > 0 ? new UnexpectedContentError('changed', changed) : cause;
  }
}

/**
 * When not even that works the store is at its end, whatever it was that went wrong first: nothing more may be tried
 * with it, and the next start takes the batch back.
 */
async function takeBack(engine: Engine, batch: string, cause: unknown): Promise<void> {
  try {
    await purgeBatches(engine, [batch]);
  } catch (failure) {
    if (cause instanceof EngineError && cause.code === 'TAILRACE_DISK_FULL') throw cause;
    if (failure instanceof EngineError && failure.code === 'TAILRACE_DISK_FULL') throw failure;
    throw new EngineError(
      'TAILRACE_STORE_UNAVAILABLE',
      `cannot take back batch "${batch}": ${(failure as Error).message}; run the command again, which takes it back first`,
      { cause: failure },
    );
  }
}

async function insertLines(
  { engine, refresh }: BatchContext,
  batch: string,
  { layout, from, until }: Segment,
  inputs: readonly FileInput[],
): Promise<void> {
  const names = inputs.map(({ file }) => readObjectName(file.path));
  const whole = from === 0 && until === Number.MAX_SAFE_INTEGER;
  const origin: Origin = {
    batch,
    origins: inputs.map(({ file }) => file.path),
    filenames: names.map(({ filename }) => filename),
    distributions: names.map(({ distribution }) => distribution),
    ...(whole ? {} : { window: { from, until } }),
  };
  const input = engineInput(layout, inputs);
  if (inputs.some(({ file }) => file.bytes > probedBytes)) {
    await engine.insertFrom(input, (source) => compileProbe(layout, source, probedLines));
    await refresh();
  }
  await engine.insertFrom(input, (source) => ({ ...compileInsert(layout, origin, source), settings: insertSettings }));
  await refresh();
}

/** Files above this size, as they lie there, have the user agents of their first lines looked up beforehand. */
const probedBytes = 64 * 1024 * 1024;
const probedLines = 300_000;

/** A statement may fail after its row became durable: taking back a closed batch would lose it for good. */
async function close(engine: Engine, batch: string, format: string): Promise<void> {
  try {
    await writeLedger(engine, batch, format);
  } catch (cause) {
    if (!(await isClosed(engine, batch))) throw cause;
  }
}

export function engineInput(layout: Layout, inputs: readonly FileInput[]): Input {
  const parquet = layout.framing.kind === 'parquet';
  return {
    kind: parquet ? 'parquet' : 'lines',
    files: inputs.map(({ file }) => ({ path: file.path, gzip: file.content === 'gzip', bytes: file.bytes })),
    ...(parquet ? { columns: layout.columns.map((name) => [name, 'Nullable(String)'] as const) } : {}),
  };
}

/**
 * Holds what came in against what is stored, and against what the files state about themselves. The engine counts the
 * lines, so the check must not rest on the engine alone: a plain file's size and a gzip trailer's are read by us.
 */
async function checkBooks(
  engine: Engine,
  batch: string,
  inputs: readonly FileInput[],
  segments: readonly Segment[],
): Promise<Books> {
  const changed = changedFiles(inputs);
  if (changed.length > 0) throw new UnexpectedContentError('changed', changed);
  const [{ layout }] = segments as readonly [Segment];
  if (segments.length === 1 && layout.framing.kind === 'delimited') {
    const columns = layout.namedBy === 'header' ? layout.columns.join(' ') : '';
    const other = await objectsWithOtherColumns(engine, batch, columns);
    if (layout.framing.header) other.push(...(await objectsWithReject(engine, batch, otherHeaderReason)));
    if (other.length > 0)
      throw new UnexpectedContentError(
        'other-columns',
        other.map((object) => object - 1),
      );
  }
  if (layout.framing.kind !== 'parquet') await checkSizes(engine, batch, inputs);
  const { storedRows, storedRejects, ...books } = await countBatch(engine, batch);
  if (books.rows !== storedRows || books.rejected !== storedRejects) {
    throw new Error(
      `BUG: the books of batch ${batch} do not balance: ${books.lines} lines received, ${storedRows} of ${books.rows} rows and ` +
        `${storedRejects} of ${books.rejected} rejects stored; nothing of it was kept`,
    );
  }
  return books;
}

async function checkSizes(engine: Engine, batch: string, inputs: readonly FileInput[]): Promise<void> {
  for (const { object, read } of await objectsOfOtherSize(engine, batch)) {
    const input = inputs[object - 1] as FileInput;
    // The trailer of a file of several gzip members states the size of the last one only: then we inflate it ourselves.
    const size = input.file.content === 'gzip' ? await inflatedSize(input.file.path) : statSync(input.file.path).size;
    if (read - size !== 0 && read - size !== 1) {
      throw new Error(
        `cannot store "${input.file.path}": ${size} bytes of content but the engine read ${read}; nothing of it was kept, run the command again`,
      );
    }
  }
}

async function inflatedSize(path: string): Promise<number> {
  let size = 0;
  await pipeline(createReadStream(path), createGunzip(), async (chunks: AsyncIterable<Buffer>) => {
    for await (const chunk of chunks) size += chunk.length;
  });
  return size;
}

/** Synchronous: a batch may hold thousands of files, and the engine is idle until this is known. */
function changedFiles(inputs: readonly FileInput[]): number[] {
  return inputs.flatMap(({ file }, index) => {
    const now = statSync(file.path, { throwIfNoEntry: false });
    return now?.size === file.bytes && now.mtimeMs === file.modifiedMs ? [] : [index];
  });
}
