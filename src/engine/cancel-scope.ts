/** Signals of the running queries: each follows its caller's signal and can also be aborted by the engine. */
export class CancelScopes {
  readonly #open = new Set<AbortController>();

  /** The caller must always call `end`, also after a failure. */
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
