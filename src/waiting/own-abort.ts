/**
 * Does work that may be aborted by a signal, and for reasons of its own. Nothing of it hangs on the signal afterwards, as
 * with `AbortSignal.any`, which keeps all that a signal of long life was combined with.
 */
export async function withOwnAbort<T>(signal: AbortSignal, work: (own: AbortController) => Promise<T>): Promise<T> {
  const own = new AbortController();
  const follow = () => own.abort(signal.reason);
  if (signal.aborted) follow();
  else signal.addEventListener('abort', follow, { once: true });
  try {
    return await work(own);
  } finally {
    signal.removeEventListener('abort', follow);
  }
}
