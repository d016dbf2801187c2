import { randomUUID } from 'node:crypto';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { EngineError } from '../engine/engine-error.ts';
import { readThrough } from '../framing/files/odd-lines.ts';
import type { InputHints } from '../layouts/find-layout.ts';
import { EmptyInputError, type InspectedInput, inspectInput, UnusableInputError } from '../layouts/inspect-input.ts';
import { KnownHeaders } from '../layouts/known-headers.ts';
import { newBatchId } from '../ledger/batch-id.ts';
import { addBooks, type Books, emptyBooks } from '../ledger/books.ts';
import { type InFlight, inFlightOf, type ObjectIdentity } from '../ledger/in-flight.ts';
import { rememberLayout } from '../ledger/remember-layout.ts';
import type { BatchContext } from './batch-context.ts';
import { isExcess, isStoreFailure } from './batch-failure.ts';
import { batches, isSmall, maxBatchFiles } from './batches.ts';
import type { FileInput } from './file-input.ts';
import { findNew } from './find-new.ts';
import { withReadableCopy } from './readable-copy.ts';
import { Spool } from './spool.ts';
import { type StoredBatch, StoredElsewhereError, storeBatch, UnexpectedContentError } from './store-batch.ts';
import { tellOfBatch } from './tell-of-batch.ts';
import { readArrived } from './watch-tallies.ts';

/** Progress of an ingest; all numbers count from its start. */
export interface IngestProgress extends Books {
  readonly files: number;
  /** Files that were stored already and are skipped. */
  readonly known: number;
  /** Size on disk of the files that are done. */
  readonly bytes: number;
}

export interface IngestResult extends IngestProgress {
  readonly failed: readonly { readonly path: string; readonly problem: string }[];
  readonly drifts: readonly string[];
}

export interface IngestOptions {
  readonly hints?: InputHints;
  readonly onProgress?: (progress: IngestProgress) => void;
  /** For copies of files whose lines are too long; used by this ingest alone; default: a temporary directory. */
  readonly spoolDirectory?: string;
  /** Ends the ingest after the batch in flight. */
  readonly signal?: AbortSignal;
  /** By path: the identity in the ledger of files that are not identified by their path. */
  readonly identities?: Readonly<Record<string, ObjectIdentity>>;
}

/** Batches of small files in parallel: while one is gathered or closed, the other keeps the engine busy. */
const parallelBatches = 2;

/**
 * Stores files, each exactly once: files that the ledger knows are skipped, files that grew continue where they ended.
 * A file that cannot be stored does not block the others.
 * @param paths absolute paths
 * @throws EngineError when the store itself fails (disk full, unreachable); what was stored until then stays
 */
export async function ingestFiles(
  context: BatchContext,
  paths: readonly string[],
  { hints = {}, onProgress, spoolDirectory, signal, identities = {} }: IngestOptions = {},
): Promise<IngestResult> {
  const run = new IngestRun(context, hints, onProgress ?? (() => {}), identities, spoolDirectory);
  const watch = onProgress && setInterval(() => void run.watch().catch(() => {}), watchEveryMs);
  try {
    for (let start = 0; start < paths.length; start += maxBatchFiles) {
      await run.takePaths(paths.slice(start, start + maxBatchFiles), signal);
    }
    await run.finish();
  } finally {
    clearInterval(watch);
    await run.settle();
  }
  return run.result();
}

const watchEveryMs = 500;

class IngestRun {
  private readonly context: BatchContext;
  private readonly hints: InputHints;
  private readonly onProgress: (progress: IngestProgress) => void;
  private readonly failed: { path: string; problem: string }[] = [];
  private readonly drifts: string[] = [];
  private readonly headers = new KnownHeaders();
  private books: Books = emptyBooks;
  private files = 0;
  private known = 0;
  private bytes = 0;
  private readonly started = newBatchId();
  private readonly inFlight: InFlight;
  private readonly underWay = new Set<FileInput>();
  private readonly spoolDirectory: string;
  private readonly identities: Readonly<Record<string, ObjectIdentity>>;
  private spool: Spool | undefined;
  /** Files to be stored again at the end, when no objects are held. */
  private readonly again = new Set<string>();
  private readonly attempts = new Map<string, number>();
  /** Batches that are being stored while the next files are inspected. */
  private readonly storing: Promise<void>[] = [];

  constructor(
    context: BatchContext,
    hints: InputHints,
    onProgress: (progress: IngestProgress) => void,
    identities: Readonly<Record<string, ObjectIdentity>>,
    spoolDirectory = join(tmpdir(), `tailrace-ingest-${randomUUID()}`),
  ) {
    this.spoolDirectory = spoolDirectory;
    this.identities = identities;
    this.context = context;
    this.inFlight = inFlightOf(context.engine);
    this.hints = hints;
    this.onProgress = onProgress;
  }

  async takePaths(paths: readonly string[], signal?: AbortSignal): Promise<void> {
    const inspected = (await this.inspect(paths)).map((input) => ({ ...input, ...this.identify(input) }));
    await this.inFlight.hold(inspected);
    const held = new Map(inspected.map((input) => [input.origin, input]));
    try {
      for (const batch of batches(await this.withoutKnown(inspected))) {
        signal?.throwIfAborted();
        // Two large inserts in parallel would only take twice the memory.
        if (!isSmall(batch)) await Promise.all(this.storing.splice(0));
        else if (this.storing.length === parallelBatches) await this.storing.shift();
        const stored = this.store(batch).finally(() => this.inFlight.release(batch));
        for (const { origin } of batch) held.delete(origin);
        // An unhandled rejection would end the process before the next await sees it.
        stored.catch(() => {});
        this.storing.push(stored);
      }
    } finally {
      this.inFlight.release([...held.values()]);
    }
  }

  async finish(): Promise<void> {
    await Promise.all(this.storing.splice(0));
    while (this.again.size > 0) {
      const paths = [...this.again];
      this.again.clear();
      await this.takePaths(paths);
      await Promise.all(this.storing.splice(0));
    }
  }

  /** Waits until nothing is in flight, also after a failure, since the caller then closes the store. */
  async settle(): Promise<void> {
    await Promise.allSettled(this.storing.splice(0));
    await this.spool?.close();
  }

  /** Reports progress between two batches; a single large file is one batch. */
  async watch(): Promise<void> {
    if (this.underWay.size === 0) return;
    const arrived = await readArrived(this.context.engine, this.started, this.underWay);
    const done = this.progress();
    this.onProgress({ ...done, rows: done.rows + arrived.rows, bytes: done.bytes + arrived.bytes });
  }

  result(): IngestResult {
    return { ...this.progress(), failed: this.failed, drifts: this.drifts };
  }

  private async inspect(paths: readonly string[]): Promise<InspectedInput[]> {
    const inspected: InspectedInput[] = [];
    for (const path of paths) {
      try {
        inspected.push(await inspectInput(path, this.hints, { headers: this.headers }));
      } catch (cause) {
        if (cause instanceof EmptyInputError) this.files++;
        else if (cause instanceof UnusableInputError) this.failed.push({ path, problem: cause.message });
        else throw cause;
      }
    }
    return inspected;
  }

  private identify({ file }: InspectedInput): ObjectIdentity {
    return this.identities[file.path] ?? { origin: file.path, version: file.version };
  }

  private async withoutKnown(inspected: readonly (InspectedInput & ObjectIdentity)[]): Promise<readonly FileInput[]> {
    const { inputs, known, failed } = await findNew(this.context.engine, inspected);
    this.known += known.length;
    this.bytes += known.reduce((sum, { bytes }) => sum + bytes, 0);
    this.failed.push(...failed);
    return inputs;
  }

  /** Stores a batch; when one of its files causes a failure, finds that file and stores the others. */
  private async store(inputs: readonly FileInput[]): Promise<void> {
    const [first] = inputs;
    if (!first) return;
    for (const input of inputs) this.underWay.add(input);
    this.spool ??= new Spool(this.spoolDirectory);
    const copies = this.spool.begin();
    let stored: StoredBatch;
    try {
      const readable: FileInput[] = [];
      for (const input of inputs) readable.push(await withReadableCopy(input, copies));
      await rememberLayout(this.context.engine, first.layout);
      stored = await storeBatch(this.context, readable);
    } catch (cause) {
      await copies.remove();
      await this.recover(inputs, cause);
      return;
    }
    await copies.remove();
    // The batch is stored from here on: a later failure must not store it again.
    const books = stored.objects.reduce(addBooks, emptyBooks);
    this.done(inputs, books);
    this.drifts.push(...(await tellOfBatch(this.context.engine, stored.batch, inputs, stored.objects)));
  }

  private async recover(inputs: readonly FileInput[], cause: unknown): Promise<void> {
    if (cause instanceof UnexpectedContentError) {
      const odd = new Set(cause.inputs);
      await this.store(inputs.filter((_, index) => !odd.has(index)));
      for (const index of odd) await this.storeOdd(inputs[index] as FileInput, cause);
      return;
    }
    if (cause instanceof StoredElsewhereError) {
      for (const input of inputs) this.takeAgain(input);
      return;
    }
    if (isStoreFailure(cause)) throw cause;
    if (isExcess(cause) && (await this.storeWithoutLongLines(inputs))) return;
    const atFault = cause instanceof EngineError && cause.object !== undefined ? inputs[cause.object - 1] : undefined;
    if (atFault) {
      this.fail(atFault, (cause as Error).message);
      await this.store(inputs.filter((input) => input !== atFault));
      return;
    }
    if (inputs.length > 1) {
      const middle = inputs.length >> 1;
      await this.store(inputs.slice(0, middle));
      await this.store(inputs.slice(middle));
      return;
    }
    this.fail(inputs[0] as FileInput, (cause as Error).message);
  }

  /** Memory runs out on a too long line that inspection did not find. @returns whether that was the cause */
  private async storeWithoutLongLines(inputs: readonly FileInput[]): Promise<boolean> {
    const again: FileInput[] = [];
    for (const input of inputs)
      again.push(input.odd?.areLong ? input : { ...input, odd: await readThrough(input.file) });
    if (!again.some(({ odd }, index) => odd?.areLong && !inputs[index]?.odd?.areLong)) return false;
    await this.store(again);
    return true;
  }

  private async storeOdd(input: FileInput, cause: UnexpectedContentError): Promise<void> {
    if (cause.kind === 'other-columns') {
      await this.store([{ ...input, isSegmented: true }]);
      return;
    }
    const { path } = input.file;
    const attempt = (this.attempts.get(path) ?? 0) + 1;
    this.attempts.set(path, attempt);
    if (attempt < maxAttempts) this.takeAgain(input);
    else
      this.fail(
        input,
        'it keeps changing while it is read; ingest it when it is no longer written to, or ingest a copy',
      );
  }

  /** Reads the file again at the end: its size and columns may have changed, or another worker may have stored it. */
  private takeAgain(input: FileInput): void {
    this.underWay.delete(input);
    this.again.add(input.file.path);
  }

  private done(inputs: readonly FileInput[], books: Books): void {
    this.files += inputs.length;
    for (const input of inputs) {
      this.bytes += input.file.bytes;
      this.underWay.delete(input);
    }
    this.books = addBooks(this.books, books);
    this.onProgress(this.progress());
  }

  private fail(input: FileInput, problem: string): void {
    this.underWay.delete(input);
    this.failed.push({ path: input.file.path, problem });
  }

  private progress(): IngestProgress {
    return { files: this.files, known: this.known, bytes: this.bytes, ...this.books };
  }
}

const maxAttempts = 3;
