import { realpath } from 'node:fs/promises';
import { hostname } from 'node:os';
import { basename } from 'node:path';
import type { Checkpoints, Delivery, DeliveryContext, Sink } from '../source.ts';
import { formatVersion, newOrigin, type ReadUntil } from './file-generation.ts';
import type { FilesAtHand } from './files-at-hand.ts';
import { explain } from './find-files.ts';
import { type FollowedFile, maxChunkBytes, type NextLines } from './followed-file.ts';
import { isSteady, type Newcomer } from './newcomer.ts';
import { judge, skip, type Verdict } from './newcomer-verdict.ts';
import { unrotatedName } from './rotated-name.ts';

/** Limit of bytes from all files in flight to the store. */
const maxTakenBytes = 64 * 1024 * 1024;
/** Complete files handed over concurrently, so that they share batches. */
const maxComplete = 64;

/** Newcomers per query of the store. */
const maxAsked = 500;
const askProblem = 'the store';

/** Hands the lines of open files over to the sink. */
export class FileTaker {
  /** Descriptions of what cannot be read, by path. */
  readonly problems = new Map<string, string>();
  retries = 0;
  readonly #pipeline: string;
  readonly #atHand: FilesAtHand;
  readonly #sink: Sink & Pick<Checkpoints, 'versionsOf'>;
  readonly #signal: AbortSignal;
  readonly #complete = new Map<string, Promise<void>>();

  constructor(
    pipeline: string,
    atHand: FilesAtHand,
    sink: Sink & Pick<Checkpoints, 'versionsOf'>,
    signal: AbortSignal,
  ) {
    this.#pipeline = pipeline;
    this.#atHand = atHand;
    this.#sink = sink;
    this.#signal = signal;
  }

  /** Reads everything that is available now. @throws the signal's reason */
  async takeAll(): Promise<void> {
    do await this.#judgeNewcomers();
    while (await this.#takeLines());
  }

  /** Resolves when no complete file is in flight any more. */
  async settled(): Promise<void> {
    await Promise.all(this.#complete.values());
  }

  /** For the first start of a pipeline that begins at the end: existing content counts as stored. */
  async skipAll(mark: string): Promise<void> {
    await this.#followSame();
    const skipped = [{ origin: mark, version: 'started' }];
    for (const newcomer of this.#atHand.newcomers.values()) {
      const stored = newcomer.isMatched ? await skip(newcomer, this.#atHand) : undefined;
      if (stored) skipped.push(stored);
    }
    const content = { kind: 'lines', chunks: [] } as const;
    await this.#sink.store(
      skipped.map((stored) => ({ ...stored, content })),
      { signal: this.#signal },
    );
  }

  /** Matches the same file before any copy of it. */
  async #followSame(): Promise<void> {
    const { known, newcomers } = this.#atHand;
    for (const newcomer of newcomers.values()) {
      const same = await known.findSame(newcomer.file).catch(() => undefined);
      if (same && newcomers.has(newcomer.file.key)) this.#atHand.follow(newcomer, same);
    }
  }

  /**
   * Asks the store what `tailrace ingest` stored of newcomers, under their current names or those before a rotation.
   * @returns whether it answered
   */
  async #askOfIngested(): Promise<boolean> {
    const unasked = [...this.#atHand.newcomers.values()].filter(({ ingested }) => ingested === undefined);
    try {
      for (let start = 0; start < unasked.length; start += maxAsked) {
        const asked = await Promise.all(
          unasked.slice(start, start + maxAsked).map(async (newcomer) => {
            // Ingest uses resolved paths; a removed file has only the name by which it was found.
            const path = await realpath(newcomer.path).catch(() => newcomer.path);
            return { newcomer, origins: [path, unrotatedName(path)] };
          }),
        );
        const stored = await this.#sink.versionsOf([...new Set(asked.flatMap(({ origins }) => origins))]);
        for (const { newcomer, origins } of asked) {
          newcomer.ingested = stored.filter(({ origin }) => origins.includes(origin));
        }
      }
      this.problems.delete(askProblem);
      return true;
    } catch (cause) {
      this.#signal.throwIfAborted();
      this.retries++;
      this.problems.set(askProblem, `cannot query what is stored of new files: ${explain(cause)}; trying again`);
      return false;
    }
  }

  async #judgeNewcomers(): Promise<void> {
    if (!(await this.#askOfIngested())) return;
    await this.#followSame();
    const { newcomers } = this.#atHand;
    for (const newcomer of newcomers.values()) {
      if (newcomer.ingested === undefined || this.#complete.has(newcomer.file.key)) continue;
      try {
        const verdict = await judge(newcomer, this.#atHand);
        if (newcomers.get(newcomer.file.key) !== newcomer) continue;
        this.problems.delete(newcomer.path);
        await this.#admit(newcomer, verdict);
      } catch (cause) {
        await this.#fail(newcomer, cause);
      }
    }
  }

  async #admit(newcomer: Newcomer, verdict: Verdict): Promise<void> {
    switch (verdict.kind) {
      case 'wait':
        if (!newcomer.isMatched && isSteady(newcomer)) await this.#atHand.forget(newcomer);
        return;
      case 'nothing':
        return this.#atHand.settle(newcomer);
      case 'refuse':
        this.problems.set(newcomer.path, `cannot follow "${newcomer.path}": ${verdict.problem}`);
        return this.#atHand.settle(newcomer);
      case 'follow':
        this.#atHand.follow(newcomer, verdict.generation, verdict.content);
        return;
      case 'begin':
        if (newcomer.isMatched) this.#atHand.follow(newcomer, verdict.generation);
        else await this.#atHand.forget(newcomer);
        return;
      case 'deliver':
        if (!newcomer.isMatched) await this.#atHand.forget(newcomer);
        else if (this.#complete.size < maxComplete) this.#deliver(newcomer, verdict.fingerprint);
    }
  }

  /** Hands a complete file over in place; others are handed over meanwhile. */
  #deliver(newcomer: Newcomer, fingerprint: string): void {
    const { file, path } = newcomer;
    const { known } = this.#atHand;
    const content = { kind: 'file', path } as const;
    const delivery = {
      origin: newOrigin(path),
      version: fingerprint,
      content,
      context: this.#context(path, file.modifiedMs),
    };
    known.addStored(fingerprint);
    const delivered = this.#sink
      .store([delivery], { signal: this.#signal })
      .then(() => this.#atHand.settle(newcomer))
      .catch(async (cause) => {
        known.removeStored(fingerprint);
        if (!this.#signal.aborted) await this.#fail(newcomer, cause);
      })
      .finally(() => this.#complete.delete(file.key));
    this.#complete.set(file.key, delivered);
  }

  /** @returns whether more may be available at once */
  async #takeLines(): Promise<boolean> {
    this.#signal.throwIfAborted();
    const taken: { readonly followed: FollowedFile; readonly read: ReadUntil; readonly delivery: Delivery }[] = [];
    let bytes = 0;
    let hasMore = false;
    for (const [key, followed] of [...this.#atHand.followed]) {
      if (bytes + maxChunkBytes > maxTakenBytes) {
        hasMore = true;
        followed.wait();
        continue;
      }
      const lines = await this.#next(key, followed);
      if (lines === 'rewritten') {
        await this.#atHand.restart(key, followed);
        hasMore = true;
      } else if (lines) {
        followed.wait();
        taken.push({ followed, read: lines.read, delivery: this.#deliveryOf(followed, lines) });
        bytes += lines.read.until - lines.from;
        // Round robin: a file that was read goes behind those that still wait.
        this.#atHand.followed.delete(key);
        this.#atHand.followed.set(key, followed);
      }
    }
    if (taken.length === 0) return hasMore;
    await this.#sink.store(
      taken.map(({ delivery }) => delivery),
      { signal: this.#signal },
    );
    for (const { followed, read } of taken) followed.advance(read);
    return true;
  }

  async #next(key: string, followed: FollowedFile): Promise<NextLines | 'rewritten' | undefined> {
    const { path } = followed.generation;
    try {
      const lines = await followed.next();
      this.problems.delete(path);
      if (!lines && followed.isFinished()) await this.#atHand.release(key, followed);
      return lines;
    } catch (cause) {
      this.problems.set(path, `cannot read "${path}": ${explain(cause)}`);
      this.retries++;
      await this.#atHand.release(key, followed);
      return undefined;
    }
  }

  async #fail(newcomer: Newcomer, cause: unknown): Promise<void> {
    this.#signal.throwIfAborted();
    const { path } = newcomer;
    const isGone = (cause as NodeJS.ErrnoException).code === 'ENOENT';
    if (isGone) return this.#atHand.forget(newcomer);
    this.retries++;
    this.problems.set(path, `cannot read "${path}": ${explain(cause)}`);
  }

  #deliveryOf({ generation, content }: FollowedFile, { from, read, chunks }: NextLines): Delivery {
    return {
      origin: generation.origin,
      version: formatVersion(from, read),
      content: { kind: 'lines', chunks, place: from === 0 ? 'beginning' : 'middle' },
      context: this.#context(generation.path, content.modifiedMs),
    };
  }

  /** Values for lines that do not carry them themselves. */
  #context(path: string, modifiedMs: number): DeliveryContext {
    return { arrivedAtMs: modifiedMs, filename: basename(path), group: this.#pipeline, stream: path, host: hostname() };
  }
}
