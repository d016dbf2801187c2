import { createContext, useContext, useEffect, useRef, useState } from 'react';
import type { PipelinesAnswer } from '../../../src/server/routes/pipelines.ts';
import { readPipelines } from '../data/http-source.ts';
import { useTicks } from '../view/use-ticks.ts';
import { appendRates, type RateHistory } from './rate-history.ts';

export const refreshSeconds = 2;

/** On pages that only tell whether all run. */
export const calmSeconds = 4;

/** A server that takes longer does not answer. */
const slowMs = 20_000;

export interface Watched {
  /** The last good answer: kept while the server is unreachable. */
  readonly answer: PipelinesAnswer | null;
  readonly answeredAtMs: number;
  /** Why there is no newer answer. */
  readonly error: string | null;
  readonly rates: RateHistory;
}

const nothingYet: Watched = { answer: null, answeredAtMs: 0, error: null, rates: new Map() };

export const WatchedContext = createContext<Watched>(nothingYet);

/** The pipelines as the console watches them. */
export function useWatched(): Watched {
  return useContext(WatchedContext);
}

/** Polls while the page is visible; the next request waits for a slow answer. */
export function usePipelines(everySeconds: number): Watched {
  const [watched, setWatched] = useState(nothingYet);
  const isAsking = useRef(false);
  const ticks = useTicks(everySeconds * 1000);
  // biome-ignore lint/correctness/useExhaustiveDependencies: each tick asks again
  useEffect(() => {
    if (isAsking.current) return;
    isAsking.current = true;
    void readPipelines(AbortSignal.timeout(slowMs))
      .then(
        (answer) => {
          const nowMs = Date.now();
          setWatched(({ rates }) => ({
            answer,
            answeredAtMs: nowMs,
            error: null,
            rates: appendRates(rates, answer, nowMs),
          }));
        },
        (error: unknown) => {
          setWatched((before) => ({ ...before, error: error instanceof Error ? error.message : String(error) }));
        },
      )
      .finally(() => {
        isAsking.current = false;
      });
  }, [ticks]);
  return watched;
}
