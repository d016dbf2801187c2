import { randomBytes } from 'node:crypto';
import { ApiError } from './api-error.ts';
import type { QuestionBody } from './question-body.ts';

/** Enough for a browser to follow a link that it was just given. */
const keptMs = 60_000;
const most = 100;

/**
 * Questions whose answers browsers save as files: these are streamed to disk only for an address. It holds an id instead of
 * the SQL, because a link to a page of another site must not start work here, and addresses are logged.
 */
export class PendingDownloads {
  readonly #questions = new Map<string, { readonly question: QuestionBody; readonly untilMs: number }>();

  /** @returns an id that is good once, for a minute @throws ApiError `TAILRACE_BUSY` when too many were not fetched */
  add(question: QuestionBody, nowMs = Date.now()): string {
    for (const [id, { untilMs }] of this.#questions) if (untilMs <= nowMs) this.#questions.delete(id);
    if (this.#questions.size >= most) {
      throw new ApiError(429, 'TAILRACE_BUSY', `cannot prepare a download: ${most} were prepared and not fetched`, {
        remedy: 'Try again in a minute.',
        retryAfterSeconds: keptMs / 1000,
      });
    }
    const id = randomBytes(16).toString('base64url');
    this.#questions.set(id, { question, untilMs: nowMs + keptMs });
    return id;
  }

  /** @throws ApiError `TAILRACE_NOT_FOUND` */
  take(id: string, nowMs = Date.now()): QuestionBody {
    const found = this.#questions.get(id);
    this.#questions.delete(id);
    if (found && found.untilMs > nowMs) return found.question;
    throw new ApiError(404, 'TAILRACE_NOT_FOUND', 'cannot download: this address was used, or is older than a minute', {
      remedy: 'Begin the download again.',
    });
  }
}
