import { useCallback, useEffect, useRef, useState } from 'react';

export interface Loading<T> {
  /** The last good answer; kept while a newer one loads or fails, so that the page does not flicker. */
  readonly value: T | null;
  readonly error: string | null;
  readonly isLoading: boolean;
  /** Whether `value` is not what is asked for now: of another question, or older than a refresh that failed. */
  readonly isStale: boolean;
  readonly retry: () => void;
}

type Read<T> = (signal: AbortSignal) => Promise<T>;

interface Settled<T> {
  readonly read: Read<T> | null;
  readonly question: string;
  readonly value: T | null;
  readonly error: string | null;
}

interface Running<T> {
  readonly question: string;
  readonly controller: AbortController;
  /** Asked meanwhile. */
  next: Read<T> | null;
}

/**
 * Runs `read` when it changes (so memoize it) and on `retry`. The same question asked again waits for the answer under
 * way, which a slow server would never finish otherwise; another question aborts it.
 *
 * @param read null: not yet
 * @param question what is asked, however often
 */
export function useAnswer<T>(read: Read<T> | null, question: string): Loading<T> {
  const [settled, setSettled] = useState<Settled<T>>({ read: null, question, value: null, error: null });
  const [attempt, setAttempt] = useState(0);
  const running = useRef<Running<T>>(null);

  // biome-ignore lint/correctness/useExhaustiveDependencies: a new attempt asks again
  useEffect(() => {
    if (!read) return;
    if (running.current?.question === question) {
      running.current.next = read;
      return;
    }
    running.current?.controller.abort();
    const ask = (asked: Read<T>) => {
      const own: Running<T> = { question, controller: new AbortController(), next: null };
      running.current = own;
      const settle = (value: T | null, error: string | null) => {
        if (own.controller.signal.aborted) return;
        running.current = null;
        setSettled((before) => ({
          read: asked,
          question,
          value: value ?? (before.question === question ? before.value : null),
          error,
        }));
        if (own.next && own.next !== asked) ask(own.next);
      };
      asked(own.controller.signal).then(
        (value) => settle(value, null),
        (error: unknown) => settle(null, error instanceof Error ? error.message : String(error)),
      );
    };
    ask(read);
  }, [read, question, attempt]);

  useEffect(
    () => () => {
      running.current?.controller.abort();
      running.current = null;
    },
    [],
  );

  const retry = useCallback(() => {
    setSettled((current) => ({ ...current, read: null, error: null }));
    setAttempt((count) => count + 1);
  }, []);
  const isOfOther = settled.question !== question;
  return {
    value: settled.value,
    error: isOfOther ? null : settled.error,
    isLoading: settled.read !== read || read === null,
    isStale: isOfOther || settled.error !== null,
    retry,
  };
}
