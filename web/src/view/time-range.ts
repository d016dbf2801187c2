import type { StoreRange } from '../data/report-answer.ts';

/** Length back from the last event, `all`, or two moments (epoch ms, whole minutes, end exclusive). */
export type RangeChoice = PresetName | { readonly fromMs: number; readonly toMs: number };

const minuteMs = 60_000;
const hourMs = 60 * minuteMs;
const dayMs = 24 * hourMs;

export const presets = {
  '1h': { label: 'Last hour', short: '1 h', lengthMs: hourMs },
  '6h': { label: 'Last 6 hours', short: '6 h', lengthMs: 6 * hourMs },
  '24h': { label: 'Last 24 hours', short: '24 h', lengthMs: dayMs },
  '7d': { label: 'Last 7 days', short: '7 d', lengthMs: 7 * dayMs },
  '30d': { label: 'Last 30 days', short: '30 d', lengthMs: 30 * dayMs },
  all: { label: 'All data', short: 'All', lengthMs: Number.POSITIVE_INFINITY },
} as const;

export type PresetName = keyof typeof presets;

export function isPreset(text: string): text is PresetName {
  return Object.hasOwn(presets, text);
}

export interface ResolvedRange {
  readonly fromMs: number;
  readonly toMs: number;
  /** Width of a bucket, seconds. */
  readonly step: number;
}

const steps = [60, 120, 300, 600, 900, 1800, 3600, 7200, 14_400, 21_600, 43_200, 86_400, 604_800, 2_592_000];
const maxBuckets = 100;

export function chooseStep(lengthMs: number): number {
  return steps.find((step) => lengthMs / (step * 1000) <= maxBuckets) ?? 2_592_000;
}

/** The last day, or all data if less: a file of one hour would be a bar at the edge of an empty chart. */
export function chooseDefault({ firstTime, lastTime }: StoreRange): PresetName {
  const lengthMs = firstTime && lastTime ? parseUtc(lastTime) - parseUtc(firstTime) : 0;
  return lengthMs > 0 && lengthMs < dayMs ? 'all' : '24h';
}

/** Presets count back from the last event, not from now, so that last year's logs show without a search. */
export function resolveRange(choice: RangeChoice, store: StoreRange, nowMs: number): ResolvedRange {
  if (typeof choice !== 'string') return { ...choice, step: chooseStep(choice.toMs - choice.fromMs) };
  const lastMs = store.lastTime ? parseUtc(store.lastTime) : nowMs;
  const firstMs = store.firstTime ? parseUtc(store.firstTime) : lastMs - hourMs;
  const toMs = (Math.floor(lastMs / minuteMs) + 1) * minuteMs;
  const wantedFromMs = toMs - presets[choice].lengthMs;
  const fromMs = Math.max(wantedFromMs, choice === 'all' ? Math.floor(firstMs / minuteMs) * minuteMs : 0);
  const step = chooseStep(toMs - fromMs);
  // A first bucket half outside the range would look like a dip in traffic.
  return { fromMs: Math.floor(fromMs / (step * 1000)) * step * 1000, toMs, step };
}

/** Reads `YYYY-MM-DD HH:MM:SS[.mmm]`, with or without `T` and `Z`, as UTC; NaN for anything else. */
export function parseUtc(text: string): number {
  return Date.parse(`${text.trim().replace(' ', 'T').replace(/Z$/, '')}Z`);
}

/** `YYYY-MM-DD HH:MM:SS`, UTC, as the reports take it. */
export function toSqlTime(ms: number): string {
  return new Date(ms).toISOString().slice(0, 19).replace('T', ' ');
}
