import { constants } from 'node:fs';
import { access } from 'node:fs/promises';
import { setTimeout as pause } from 'node:timers/promises';
import type { Checkpoints, Sink, Source, SourceStatus } from '../source.ts';
import { FilesAtHand } from './files-at-hand.ts';
import { commonStart, explain, findFiles } from './find-files.ts';
import { FileTaker } from './take-files.ts';

export interface FilesSourceOptions {
  readonly pipeline: string;
  /** Absolute paths of files, folders, globs. */
  readonly paths: readonly string[];
  /** Whether the content of files that exist at the very first start is read or skipped; later files are read whole. */
  readonly startFrom: 'beginning' | 'end';
  /** Pause between two scans, milliseconds. */
  readonly pollMs?: number;
}

/** Follows files as they grow, rotate and disappear; after a restart it resumes from the ledger alone. No I/O here. */
export function createFilesSource(options: FilesSourceOptions): Source {
  return new FilesSource(options);
}

/** Number of followed files in the status; those with waiting lines first. */
const maxParts = 100;
/** Largest share of time for scanning, however many files there are. */
const busyShare = 1 / 8;
const retryMs = 1000;

class FilesSource implements Source {
  readonly type = 'files';
  readonly #options: FilesSourceOptions;
  readonly #atHand: FilesAtHand;
  #taker: FileTaker | undefined;
  #state: SourceStatus['state'] = 'starting';
  #problem: string | undefined;
  #retries = 0;

  constructor(options: FilesSourceOptions) {
    this.#options = options;
    this.#atHand = new FilesAtHand(options.paths);
  }

  async check(): Promise<readonly string[]> {
    const problems: string[] = [];
    for (const path of this.#options.paths) {
      const found = await findFiles([path]);
      problems.push(...found.problems);
      if (found.files.length === 0 && found.problems.length === 0) {
        problems.push(`cannot follow "${path}": no file is there; check the path or the pattern`);
      }
      for (const file of found.files) {
        await access(file.path, constants.R_OK).catch((cause) => {
          problems.push(`cannot follow "${file.path}": ${explain(cause)}`);
        });
      }
    }
    return problems;
  }

  async run(sink: Sink & Checkpoints, signal: AbortSignal): Promise<void> {
    const taker = new FileTaker(this.#options.pipeline, this.#atHand, sink, signal);
    this.#taker = taker;
    try {
      await this.#start(sink, taker, signal);
      this.#state = 'running';
      await this.#follow(taker, signal);
    } catch (cause) {
      if (!signal.aborted) throw cause;
    } finally {
      await taker.settled();
      await this.#atHand.close();
      this.#state = 'stopped';
    }
  }

  status(): SourceStatus {
    const problem = this.#problem ?? [...this.#atHand.problems, ...(this.#taker?.problems.values() ?? [])][0];
    const parts = [...this.#atHand.followed.values()].map((followed) => followed.status());
    const waiting = parts.filter(({ oldestUnacknowledgedMs }) => oldestUnacknowledgedMs !== undefined);
    return {
      state: this.#state === 'running' && problem !== undefined ? 'retrying' : this.#state,
      ...(problem === undefined ? {} : { problem }),
      retries: this.#retries + (this.#taker?.retries ?? 0),
      parts: [...new Set([...waiting, ...parts])].slice(0, maxParts),
    };
  }

  /** Finds files that were read before, even under names that match no pattern, and those of the first start. */
  async #start(sink: Checkpoints, taker: FileTaker, signal: AbortSignal): Promise<void> {
    const { paths, pipeline, startFrom } = this.#options;
    const starts = new Set(await Promise.all(paths.map(commonStart)));
    for (const start of starts) this.#atHand.known.load(await this.#ask(sink, start, signal));
    await this.#atHand.look();
    await this.#atHand.lookBeside(this.#atHand.known.paths());
    if (startFrom === 'beginning') return;
    const mark = `files://${pipeline}`;
    const started = await this.#ask(sink, mark, signal);
    if (!started.has(mark)) await taker.skipAll(mark);
  }

  /** Scans and reads concurrently, because files rotate while the store is slow. */
  async #follow(taker: FileTaker, signal: AbortSignal): Promise<void> {
    const { pollMs = 250 } = this.#options;
    let taking: Promise<void> | undefined;
    let failure: { readonly cause: unknown } | undefined;
    while (!signal.aborted && !failure) {
      taking ??= taker
        .takeAll()
        .catch((cause) => {
          failure = { cause };
        })
        .finally(() => {
          taking = undefined;
        });
      const startedMs = performance.now();
      await this.#atHand.look();
      const tookMs = performance.now() - startedMs;
      await pause(Math.max(pollMs, tookMs / busyShare - tookMs), undefined, { signal }).catch(() => {});
    }
    await taking;
    if (failure) throw failure.cause;
  }

  async #ask(sink: Checkpoints, origin: string, signal: AbortSignal): Promise<ReadonlyMap<string, string>> {
    for (;;) {
      signal.throwIfAborted();
      try {
        const stored = await sink.lastStored(origin);
        this.#problem = undefined;
        return stored;
      } catch (cause) {
        this.#retries++;
        this.#problem = `cannot ask the store how far files were read: ${explain(cause)}; trying again`;
      }
      await pause(retryMs, undefined, { signal });
    }
  }
}
