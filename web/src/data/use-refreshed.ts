import { useCallback } from 'react';
import { useTicks } from '../view/use-ticks.ts';
import { type Loading, useAnswer } from './use-answer.ts';

/**
 * Asks again at each interval while the page is visible.
 *
 * @param read the same for the same question
 */
export function useRefreshed<T>(
  read: (signal: AbortSignal) => Promise<T>,
  question: string,
  everySeconds: number,
): Loading<T> {
  const ticks = useTicks(everySeconds * 1000);
  // biome-ignore lint/correctness/useExhaustiveDependencies: each tick asks again
  const ask = useCallback((signal: AbortSignal) => read(signal), [read, ticks]);
  return useAnswer(ask, question);
}
