import type { ResolvedRange } from '../view/time-range.ts';

const dayMs = 86_400_000;

/** What a range can be compared with. */
export const comparisons = {
  previous: { label: 'Compare: period before', name: 'Period before', when: 'in the period before' },
  day: { label: 'Compare: yesterday', name: 'Yesterday', when: 'at the same time yesterday' },
  week: { label: 'Compare: last week', name: 'Last week', when: 'at the same time last week' },
  none: { label: 'Compare: off', name: '', when: '' },
} as const;

export type ComparisonName = keyof typeof comparisons;

export function isComparison(text: string): text is ComparisonName {
  return Object.hasOwn(comparisons, text);
}

/** An earlier range of equal length. */
export interface Comparison {
  readonly name: Exclude<ComparisonName, 'none'>;
  /** How much earlier. */
  readonly shiftMs: number;
}

/** @returns null where nothing is to be compared, or the earlier range would begin before 1970 */
export function compareRange(name: ComparisonName, range: ResolvedRange): Comparison | null {
  if (name === 'none') return null;
  const stepMs = range.step * 1000;
  const lengthMs = range.toMs - range.fromMs;
  // In whole buckets, so that each has one to be compared with.
  const shiftMs = name === 'previous' ? Math.ceil(lengthMs / stepMs) * stepMs : name === 'day' ? dayMs : 7 * dayMs;
  return range.fromMs < shiftMs ? null : { name, shiftMs };
}

/** Whether buckets of the earlier range lie as those of the range do: not if they are longer than the shift. */
export function canAlign({ shiftMs }: Pick<Comparison, 'shiftMs'>, { step }: Pick<ResolvedRange, 'step'>): boolean {
  return shiftMs % (step * 1000) === 0;
}

export function earlier(range: ResolvedRange, { shiftMs }: Comparison): ResolvedRange {
  return { ...range, fromMs: range.fromMs - shiftMs, toMs: range.toMs - shiftMs };
}
