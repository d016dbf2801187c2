import type { FastifyReply } from 'fastify';
import { ApiError } from './api-error.ts';

/**
 * Maximum of waiting and running requests per kind. The answer to a query stays in memory until its reader took it, and
 * one page of the console requests all its reports at once. Bodies of logs share a limit in bytes as well.
 */
const limits = { question: 16, report: 256, intake: 1024, ingest: 16, stream: 64, tail: 16 } as const;

export type WorkKind = keyof typeof limits;

/** Requests that the engine works on: each is cancelled when its client disconnects, all at shutdown. */
export class RunningRequests {
  readonly #running = new Map<AbortController, WorkKind>();

  /**
   * @returns a signal that aborts when the client disconnects before the answer is complete, or on {@link abortAll}
   * @throws ApiError `TAILRACE_BUSY` when too many of the kind are in flight
   */
  begin(reply: FastifyReply, kind: WorkKind): AbortSignal {
    if (this.count(kind) >= limits[kind]) {
      throw new ApiError(
        429,
        'TAILRACE_BUSY',
        `cannot answer now: ${limits[kind]} requests like this one are under way`,
        {
          remedy: 'Try again in a moment.',
          retryAfterSeconds: 1,
        },
      );
    }
    const controller = new AbortController();
    this.#running.set(controller, kind);
    const { raw } = reply;
    raw.once('finish', () => this.#running.delete(controller));
    raw.once('close', () => {
      this.#running.delete(controller);
      if (!raw.writableFinished) controller.abort(new Error('the client left'));
    });
    return controller.signal;
  }

  count(kind: WorkKind): number {
    return [...this.#running.values()].filter((running) => running === kind).length;
  }

  abortAll(reason: Error): void {
    for (const controller of this.#running.keys()) controller.abort(reason);
  }
}
