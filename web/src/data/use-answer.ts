import { useCallback, useEffect, useState } from 'react';

export interface Loading<T> {
  /** The last good answer; kept while a newer one loads, so that the page does not flicker. */
  readonly value: T | null;
  readonly error: string | null;
  readonly isLoading: boolean;
  readonly retry: () => void;
}

interface Settled<T> {
  readonly read: unknown;
  readonly value: T | null;
  readonly error: string | null;
}

/**
 * Runs `read` when it changes (so memoize it) and on `retry`; a request whose answer is no longer needed is aborted.
 * `null` means: not yet.
 */
export function useAnswer<T>(read: ((signal: AbortSignal) => Promise<T>) | null): Loading<T> {
  const [settled, setSettled] = useState<Settled<T>>({ read: null, value: null, error: null });
  const [attempt, setAttempt] = useState(0);

  // biome-ignore lint/correctness/useExhaustiveDependencies: a new attempt asks again
  useEffect(() => {
    if (!read) return;
    const controller = new AbortController();
    read(controller.signal).then(
      (value) => {
        if (!controller.signal.aborted) setSettled({ read, value, error: null });
      },
      (error: unknown) => {
        if (controller.signal.aborted) return;
        setSettled({ read, value: null, error: error instanceof Error ? error.message : String(error) });
      },
    );
    return () => controller.abort();
  }, [read, attempt]);

  const retry = useCallback(() => {
    setSettled((current) => ({ ...current, read: null, error: null }));
    setAttempt((count) => count + 1);
  }, []);
  return { value: settled.value, error: settled.error, isLoading: settled.read !== read || read === null, retry };
}
