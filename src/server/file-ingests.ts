import { randomBytes } from 'node:crypto';
import { PassThrough, type Readable } from 'node:stream';
import { hintsOf, type LayoutChoice } from '../layouts/layout-choice.ts';
import type { LineRules } from '../layouts/line-rules.ts';
import { emptyBooks } from '../ledger/books.ts';
import type { BatchContext } from '../pipeline/batch-context.ts';
import { type IngestOptions, type IngestProgress, type IngestResult, ingestFiles } from '../pipeline/ingest-files.ts';

/** Files of this machine that another process of the same user hands over. */
export interface IngestRequest {
  /** Absolute. */
  readonly paths: readonly string[];
  readonly layout?: LayoutChoice | undefined;
  readonly rules?: LineRules | undefined;
  /** By path, see {@link IngestOptions}. */
  readonly identities?: IngestOptions['identities'] | undefined;
}

/** One line of the answer; the last one has a result or an error. */
export type IngestNews =
  | { readonly progress: IngestProgress }
  | { readonly result: IngestResult }
  | { readonly error: { readonly message: string } };

/** A sender that hears nothing for minutes takes the server for dead. */
const sayEveryMs = 5_000;

/**
 * Stores files for processes that cannot open the store, because this one has it. They are of the user who runs this
 * process, and show it by a token that only this user can read: otherwise everybody who reaches the server could have
 * files read with its rights.
 */
export class FileIngests {
  readonly token = randomBytes(32).toString('base64url');
  readonly #context: BatchContext;
  readonly #spoolDirectory: string;
  #last: Promise<unknown> = Promise.resolve();

  /** @param spoolDirectory of these ingests alone */
  constructor(context: BatchContext, spoolDirectory: string) {
    this.#context = context;
    this.#spoolDirectory = spoolDirectory;
  }

  /**
   * Stores one request after the other: large inserts side by side would take memory together.
   * @param signal ends it after the batch that is under way; what is stored stays
   * @returns lines of JSON, each {@link IngestNews}
   */
  ingest(request: IngestRequest, signal: AbortSignal): Readable {
    const answer = new PassThrough();
    let progress: IngestProgress = { files: 0, known: 0, bytes: 0, ...emptyBooks };
    const say = (news: IngestNews) => {
      if (!answer.destroyed) answer.write(`${JSON.stringify(news)}\n`);
    };
    // Of a reader that is slow nothing is kept but what comes last.
    const sayProgress = () => answer.writableNeedDrain || say({ progress });
    const saying = setInterval(sayProgress, sayEveryMs);
    const onProgress = (next: IngestProgress) => {
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

  /** Waits until nothing is under way; to be called when no requests come any more, before the store is closed. */
  async close(): Promise<void> {
    await this.#last;
  }

  #store(
    { paths, layout = {}, rules, identities = {} }: IngestRequest,
    onProgress: (progress: IngestProgress) => void,
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
