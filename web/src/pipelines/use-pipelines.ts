import { useEffect, useState } from 'react';
import type { PipelinesAnswer } from '../../../src/server/routes/pipelines.ts';
import { readPipelines } from '../data/http-source.ts';
import { appendRates, type RateHistory } from './rate-history.ts';

export const refreshSeconds = 2;

export interface Watched {
  /** The last good answer: kept while the server is unreachable. */
  readonly answer: PipelinesAnswer | null;
  readonly answeredAtMs: number;
  /** Why there is no newer answer. */
  readonly error: string | null;
  readonly rates: RateHistory;
}

const nothingYet: Watched = { answer: null, answeredAtMs: 0, error: null, rates: new Map() };

/** Polls while the page is open; the next request waits for a slow answer. */
export function usePipelines(): Watched {
  const [watched, setWatched] = useState(nothingYet);
  useEffect(() => {
    const controller = new AbortController();
    const { signal } = controller;
    let timer: number | undefined;
    const ask = async () => {
      try {
        const answer = await readPipelines(signal);
        const nowMs = Date.now();
        if (signal.aborted) return;
        setWatched(({ rates }) => ({
          answer,
          answeredAtMs: nowMs,
          error: null,
          rates: appendRates(rates, answer, nowMs),
        }));
      } catch (error) {
        if (signal.aborted) return;
        setWatched((before) => ({ ...before, error: error instanceof Error ? error.message : String(error) }));
      }
      timer = window.setTimeout(ask, refreshSeconds * 1000);
    };
    void ask();
    return () => {
      controller.abort();
      window.clearTimeout(timer);
    };
  }, []);
  return watched;
}
