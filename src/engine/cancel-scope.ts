/** Signals of the queries that run now: each follows its caller's signal and can be aborted by the engine as well. */
export class CancelScopes {
  readonly #open = new Set<AbortController>();

  /** The caller must call `end`, however the query ends. */
  begin(signal: AbortSignal | undefined): { readonly controller: AbortController; readonly end: () => void } {
    const controller = new AbortController();
    const follow = () => controller.abort(signal?.reason);
    if (signal?.aborted) follow();
    else signal?.addEventListener('abort', follow, { once: true });
    this.#open.add(controller);
    const end = () => {
      signal?.removeEventListener('abort', follow);
      this.#open.delete(controller);
    };
    return { controller, end };
  }

  abortAll(reason: unknown): void {
    for (const controller of this.#open) controller.abort(reason);
  }
}
