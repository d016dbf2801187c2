import type { StoreRange } from '../data/report-answer.ts';

/** A length back from now or from the last event, `all`, or two moments (epoch ms, whole seconds, end exclusive). */
export type RangeChoice = PresetName | { readonly fromMs: number; readonly toMs: number };

const secondMs = 1000;
const minuteMs = 60 * secondMs;
const hourMs = 60 * minuteMs;
const dayMs = 24 * hourMs;

export const presets = {
  '5m': { label: 'Last 5 minutes', short: '5 m', lengthMs: 5 * minuteMs },
  '15m': { label: 'Last 15 minutes', short: '15 m', lengthMs: 15 * minuteMs },
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

/** Widths below half an hour, seconds, by the longest range that they are for. */
const shortSteps: readonly (readonly [step: number, mostMs: number])[] = [
  [1, 2 * minuteMs],
  [5, 10 * minuteMs],
  [10, 30 * minuteMs - 1],
];

export function chooseStep(lengthMs: number): number {
  const short = shortSteps.find(([, mostMs]) => lengthMs <= mostMs);
  if (short) return short[0];
  return steps.find((step) => lengthMs / (step * 1000) <= maxBuckets) ?? 2_592_000;
}

/**
 * What the store opens on; else the last day, or all data if less: a file of one hour would be a bar at the edge of an
 * empty chart.
 */
export function chooseDefault({ firstTime, lastTime, opensOn }: StoreRange): RangeChoice {
  if (opensOn) return { fromMs: parseUtc(opensOn.from), toMs: parseUtc(opensOn.to) };
  const lengthMs = firstTime && lastTime ? parseUtc(lastTime) - parseUtc(firstTime) : 0;
  return lengthMs > 0 && lengthMs < dayMs ? 'all' : '24h';
}

/**
 * Whether ranges end now: something was stored within the last hour, and it is of the last day. Logs of a CDN come up
 * to a day late; after an import of last year's logs, a range that ends now would be empty.
 */
export function endsNow({ now, lastStoredAt, lastTime }: StoreRange): boolean {
  if (lastStoredAt === null || lastTime === null) return false;
  const nowMs = parseUtc(now);
  return nowMs - parseUtc(lastStoredAt) <= hourMs && nowMs - parseUtc(lastTime) <= dayMs;
}

export function resolveRange(choice: RangeChoice, store: StoreRange): ResolvedRange {
  if (typeof choice !== 'string') return { ...choice, step: chooseStep(choice.toMs - choice.fromMs) };
  const endMs = parseUtc(endsNow(store) ? store.now : (store.lastTime ?? store.now));
  const firstMs = store.firstTime ? parseUtc(store.firstTime) : endMs - hourMs;
  const lengthMs = choice === 'all' ? endMs - firstMs : presets[choice].lengthMs;
  // Reports read the rows of a range that is not of whole minutes.
  const unitMs = Math.min(chooseStep(lengthMs) * secondMs, minuteMs);
  const toMs = (Math.floor(endMs / unitMs) + 1) * unitMs;
  const fromMs = choice === 'all' ? Math.floor(firstMs / unitMs) * unitMs : toMs - lengthMs;
  const step = chooseStep(toMs - fromMs);
  // A first bucket half outside the range would look like a dip in traffic.
  return { fromMs: Math.floor(fromMs / (step * 1000)) * step * 1000, toMs, step };
}

/** The range of equal length before (`-1`) or after (`1`) this one. */
export function moveRange({ fromMs, toMs }: ResolvedRange, direction: -1 | 1): RangeChoice {
  const lengthMs = (toMs - fromMs) * direction;
  return { fromMs: Math.max(0, fromMs + lengthMs), toMs: toMs + lengthMs };
}

/** The range of twice the length around this one. */
export function widenRange({ fromMs, toMs }: ResolvedRange): RangeChoice {
  const marginMs = Math.ceil((toMs - fromMs) / 2 / secondMs) * secondMs;
  return { fromMs: Math.max(0, fromMs - marginMs), toMs: toMs + marginMs };
}

/** Reads `YYYY-MM-DD HH:MM:SS[.mmm]`, with or without `T` and `Z`, as UTC; NaN for anything else. */
export function parseUtc(text: string): number {
  return Date.parse(`${text.trim().replace(' ', 'T').replace(/Z$/, '')}Z`);
}

/** `YYYY-MM-DD HH:MM:SS`, UTC, as the reports take it. */
export function toSqlTime(ms: number): string {
  return new Date(ms).toISOString().slice(0, 19).replace('T', ' ');
}
