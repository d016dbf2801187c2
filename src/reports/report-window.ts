import type { ReportParameters } from './report.ts';

/** Time range and bucket width of a report. */
export type ReportWindow = Pick<ReportParameters, 'from' | 'to' | 'step'>;

const minuteMs = 60_000;
const dayMs = 24 * 60 * minuteMs;

/** Readable bucket widths, seconds. */
const steps = [60, 120, 300, 600, 900, 1800, 3600, 7200, 14_400, 21_600, 43_200, 86_400, 172_800, 604_800, 2_592_000];
const mostBuckets = 120;

/** Widths below half an hour, seconds, by the longest range that they are for. */
const shortSteps: readonly (readonly [step: number, mostMs: number])[] = [
  [1, 2 * minuteMs],
  [5, 10 * minuteMs],
  [10, 30 * minuteMs - 1],
];

/** Seconds: 1, 5 or 10 below half an hour, then the finest step that splits the range into at most 120 buckets. */
export function chooseStep(lengthMs: number): number {
  const short = shortSteps.find(([, mostMs]) => lengthMs <= mostMs);
  if (short) return short[0];
  return steps.find((step) => lengthMs / (step * 1000) <= mostBuckets) ?? 2_592_000;
}

/**
 * Applies the defaults: the last 24 hours before the last event (not before now, so that old logs show without
 * searching for them), aligned so that the first bucket is whole.
 *
 * @param asked epoch ms, whole seconds
 * @param lastEventMs undefined while the store is empty
 */
export function chooseWindow(
  asked: { readonly fromMs?: number; readonly toMs?: number; readonly step?: number },
  lastEventMs: number | undefined,
): ReportWindow {
  const endMs = (Math.floor((lastEventMs ?? Date.now()) / minuteMs) + 1) * minuteMs;
  const toMs = asked.toMs ?? (asked.fromMs === undefined || asked.fromMs < endMs ? endMs : asked.fromMs + dayMs);
  const fromMs = asked.fromMs ?? toMs - dayMs;
  const step = asked.step ?? chooseStep(toMs - fromMs);
  // The engine's DateTime starts in 1970.
  const alignedMs = asked.fromMs ?? Math.max(0, Math.floor(fromMs / (step * 1000)) * step * 1000);
  return { from: formatSqlTime(alignedMs), to: formatSqlTime(toMs), step };
}

/** `YYYY-MM-DD HH:MM:SS`, UTC. */
export function formatSqlTime(ms: number): string {
  return new Date(ms).toISOString().slice(0, 19).replace('T', ' ');
}

/** Reads `YYYY-MM-DD[ HH:MM[:SS[.mmm]]]`, with or without `T` and `Z`, as UTC; undefined when invalid. */
export function parseSqlTime(text: string): number | undefined {
  const match = /^(\d{4}-\d\d-\d\d)(?:[T ](\d\d:\d\d(?::\d\d(?:\.\d{1,6})?)?))?Z?$/.exec(text.trim());
  if (!match) return undefined;
  const ms = Date.parse(`${match[1]}T${match[2] ?? '00:00'}Z`);
  // Date.parse reads 30 February as 2 March.
  return Number.isNaN(ms) || new Date(ms).toISOString().slice(0, 10) !== match[1] ? undefined : ms;
}
