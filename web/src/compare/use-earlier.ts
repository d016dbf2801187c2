import { useMemo } from 'react';
import type { ReportAnswer } from '../data/report-answer.ts';
import { type Loading, useAnswer } from '../data/use-answer.ts';
import { useReportScope } from '../overview/report-context.ts';
import { parseUtc, toSqlTime } from '../view/time-range.ts';
import { comparisons } from './comparison.ts';

/** A report of the earlier range. */
export interface Earlier {
  /** Of which time, in words: `Yesterday`, `at the same time yesterday`. */
  readonly name: string;
  readonly when: string;
  /** How much earlier, ms. */
  readonly shiftMs: number;
  /** Null until it has come. */
  readonly answer: ReportAnswer | null;
  readonly error: string | null;
}

/**
 * Asks the same of the range that the page is compared with, once the page itself has its answer: it must not wait.
 * @param isIncluded whether the answer itself has what is compared
 * @returns null where nothing is compared
 */
export function useEarlier({ value, isLoading, isStale }: Loading<ReportAnswer>, isIncluded = false): Earlier | null {
  const { source, comparison: chosen = null, question } = useReportScope();
  const comparison = isIncluded ? null : chosen;
  const isReady = value !== null && !isLoading && !isStale;
  const read = useMemo(() => {
    if (!comparison || !isReady) return null;
    const { from, to } = value.parameters;
    const earlier = (time: string) => toSqlTime(parseUtc(time) - comparison.shiftMs);
    const parameters = { ...value.parameters, from: earlier(from), to: earlier(to) };
    return async (signal: AbortSignal) => ({
      shiftMs: comparison.shiftMs,
      answer: await source.readReport(value.name, parameters, signal),
    });
  }, [comparison, isReady, value, source]);
  const asked = useAnswer(read, JSON.stringify([question, comparison?.name]));
  return useMemo(() => {
    if (!comparison) return null;
    const found = asked.isStale && asked.error === null ? null : asked.value;
    return {
      name: comparisons[comparison.name].name,
      when: comparisons[comparison.name].when,
      shiftMs: found?.shiftMs ?? comparison.shiftMs,
      answer: found?.answer ?? null,
      error: asked.error,
    };
  }, [comparison, asked.value, asked.isStale, asked.error]);
}
