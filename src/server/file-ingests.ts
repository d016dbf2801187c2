import { randomBytes } from 'node:crypto';
import { PassThrough, type Readable } from 'node:stream';
import { hintsOf, type LayoutChoice } from '../layouts/layout-choice.ts';
import type { LineRules } from '../layouts/line-rules.ts';
import { emptyBooks } from '../ledger/books.ts';
import type { BatchContext } from '../pipeline/batch-context.ts';
import { type IngestOptions, type IngestResult, ingestFiles } from '../pipeline/ingest-files.ts';
import type { FilesProgress } from '../sources/files/user-files.ts';

/** Files on this machine that another process of the same user hands over. */
export interface IngestRequest {
  /** Absolute. */
  readonly paths: readonly string[];
  readonly layout?: LayoutChoice | undefined;
  readonly rules?: LineRules | undefined;
  /** By path; see {@link IngestOptions}. */
  readonly identities?: IngestOptions['identities'] | undefined;
}

/** One line of the answer; the last one holds a result or an error. */
export type IngestNews =
  | { readonly progress: FilesProgress }
  | { readonly result: IngestResult }
  | { readonly error: { readonly message: string } };

/** A client that receives nothing for minutes assumes that the server is dead. */
const sayEveryMs = 5_000;

/**
 * Stores files for processes that cannot open the store because this one has it open. They belong to the user who runs
 * this process, proved by a token that only this user can read: otherwise any client of the server could have files
 * read with its permissions.
 */
export class FileIngests {
  readonly token = randomBytes(32).toString('base64url');
  readonly #context: BatchContext;
  readonly #spoolDirectory: string;
  #last: Promise<unknown> = Promise.resolve();

  /** @param spoolDirectory used by these ingests alone */
  constructor(context: BatchContext, spoolDirectory: string) {
    this.#context = context;
    this.#spoolDirectory = spoolDirectory;
  }

  /**
   * Stores one request at a time, since concurrent large inserts would add up in memory.
   * @param signal ends it after the batch in flight; what is stored stays stored
   * @returns lines of JSON, each {@link IngestNews}
   */
  ingest(request: IngestRequest, signal: AbortSignal): Readable {
    const answer = new PassThrough();
    let progress: FilesProgress = { files: 0, known: 0, bytes: 0, ...emptyBooks };
    const say = (news: IngestNews) => {
      if (!answer.destroyed) answer.write(`${JSON.stringify(news)}\n`);
    };
    // For a slow reader only the latest progress is kept.
    const sayProgress = () => answer.writableNeedDrain || say({ progress });
    const saying = setInterval(sayProgress, sayEveryMs);
    const onProgress = (next: FilesProgress) => {
      progress = next;
      sayProgress();
    };
    this.#last = this.#last
      .then(() => this.#store(request, onProgress, signal))
      .then(
        (result) => say({ result }),
        (cause: Error) => say({ error: { message: signal.aborted ? ended : cause.message } }),
      )
      .finally(() => {
        clearInterval(saying);
        answer.end();
      });
    return answer;
  }

  /** Waits until no ingest is running; call it when no requests can arrive any more, before closing the store. */
  async close(): Promise<void> {
    await this.#last;
  }

  #store(
    { paths, layout = {}, rules, identities = {} }: IngestRequest,
    onProgress: (progress: FilesProgress) => void,
    signal: AbortSignal,
  ): Promise<IngestResult> {
    signal.throwIfAborted();
    const context = { ...this.#context, ...(rules ? { rules } : {}) };
    const spoolDirectory = this.#spoolDirectory;
    return ingestFiles(context, paths, {
      hints: hintsOf(layout),
      spoolDirectory,
      onProgress,
      signal,
      identities,
    });
  }
}

const ended = 'cannot store more files: the server is stopping; what is stored stays, run the command again';
