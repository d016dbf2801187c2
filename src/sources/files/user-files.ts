import { once } from 'node:events';
import { statSync } from 'node:fs';
import { setTimeout as pause, setImmediate } from 'node:timers/promises';
import { addBooks, type Books, emptyBooks } from '../../ledger/books.ts';
import type { ObjectIdentity } from '../../ledger/in-flight.ts';
import { type Receipt, RefusedFileError, type Sink } from '../source.ts';

/** What became of the files so far. */
export interface FilesProgress extends Books {
  readonly files: number;
  /** Files that were stored already and are skipped. */
  readonly known: number;
  /** Size on disk of the files that are done. */
  readonly bytes: number;
}

export interface RefusedFile {
  readonly path: string;
  readonly problem: string;
}

/** By path: identity in the ledger of files that are not identified by their path and content. */
export type FileIdentities = Readonly<Record<string, ObjectIdentity>>;

/** A finite source: files that the user named, each of which is stored once. */
export class UserFiles {
  /** Files that are not stored; the others are not affected. */
  readonly failed: RefusedFile[] = [];
  readonly #identities: FileIdentities;
  readonly #done = { files: 0, known: 0, bytes: 0 };
  #books = emptyBooks;
  #left: readonly string[];
  #changed: string[] = [];

  /** @param paths absolute */
  constructor(paths: readonly string[], identities: FileIdentities = {}) {
    this.#left = paths;
    this.#identities = identities;
  }

  /**
   * Stores all files. One that changed meanwhile is read again when all others are done.
   * @throws the signal's reason, or the first failure of the store; the sink must then be closed, which ends what is
   *   still waiting
   */
  async run(sink: Sink, signal?: AbortSignal): Promise<void> {
    for (let attempt = 1; this.#left.length > 0; attempt++) {
      await this.#storeAll(sink, signal);
      this.#left = this.#changed;
      this.#changed = [];
      if (attempt === maxAttempts) this.#refuseChanging();
    }
  }

  progress(): FilesProgress {
    return { ...this.#done, ...this.#books };
  }

  async #storeAll(sink: Sink, signal: AbortSignal | undefined): Promise<void> {
    const failing = new AbortController();
    const ended = AbortSignal.any([failing.signal, ...(signal ? [signal] : [])]);
    const storing: Promise<void>[] = [];
    for (const [index, path] of this.#left.entries()) {
      if (index % filesPerTurn === filesPerTurn - 1) await setImmediate();
      while (sink.pressure().full && !ended.aborted) await pause(pollMs);
      if (ended.aborted) break;
      storing.push(this.#store(path, sink).catch((cause) => failing.abort(cause)));
    }
    if (!ended.aborted) await Promise.race([Promise.all(storing), once(ended, 'abort')]);
    ended.throwIfAborted();
  }

  async #store(path: string, sink: Sink): Promise<void> {
    const bytes = sizeOf(path);
    const identity = this.#identities[path] ?? { origin: path };
    try {
      const [receipt] = await sink.store([{ ...identity, content: { kind: 'user-file', path } }]);
      if (receipt) this.#count(receipt, bytes);
    } catch (cause) {
      if (!(cause instanceof RefusedFileError)) throw cause;
      if (cause.reason === 'changed') this.#changed.push(path);
      else if (cause.reason === 'empty') this.#done.files++;
      else this.failed.push({ path, problem: cause.message });
    }
  }

  #count(receipt: Receipt, bytes: number): void {
    this.#done[receipt.known ? 'known' : 'files']++;
    this.#done.bytes += bytes;
    this.#books = addBooks(this.#books, receipt);
  }

  #refuseChanging(): void {
    for (const path of this.#left) this.failed.push({ path, problem: keepsChanging });
    this.#left = [];
  }
}

const keepsChanging = 'it keeps changing while it is read; ingest it when it is no longer written to, or ingest a copy';
const maxAttempts = 3;
const pollMs = 5;
/** Enough for a batch, which the engine stores while the next files are inspected. */
const filesPerTurn = 500;

/** Bytes on disk; 0 for a file that is gone, which the sink refuses. */
function sizeOf(path: string): number {
  try {
    return statSync(path).size;
  } catch {
    return 0;
  }
}
