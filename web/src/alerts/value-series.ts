import type { AlertHistoryAnswer } from '../../../src/server/alert-answer.ts';
import type { Series, TimeSeries } from '../charts/time-series.ts';
import type { Unit } from '../format/quantity.ts';
import type { Span } from './alert-links.ts';
import { printLabels } from './alert-words.ts';

type Value = Pick<AlertHistoryAnswer['values'][number], 'atMs' | 'value' | 'threshold' | 'baseline'>;
type Change = Pick<AlertHistoryAnswer['history'][number], 'atMs' | 'phase' | 'labels' | 'message'>;

const mostBuckets = 500;

/** Evaluations on an axis of time, one bucket each; those that were missed are gaps. */
export function valueSeries(
  values: readonly Value[],
  everyMs: number,
  unit: Unit,
  fires: readonly Span[],
  most = mostBuckets,
): TimeSeries {
  const lastMs = values.at(-1)?.atMs ?? 0;
  const firstMs = Math.max(values[0]?.atMs ?? 0, lastMs - (most - 1) * everyMs);
  const count = values.length === 0 ? 0 : Math.round((lastMs - firstMs) / everyMs) + 1;
  const times = Array.from({ length: count }, (_, index) => firstMs + index * everyMs);
  const at = new Map(values.map((value) => [Math.round((value.atMs - firstMs) / everyMs), value]));
  const none = times.map(() => false);
  const series = (key: 'value' | 'threshold' | 'baseline', label: string): Series => ({
    ...{ key, label, unit, term: undefined },
    values: times.map((_, index) => at.get(index)?.[key] ?? null),
  });
  const all = [series('value', 'Value'), series('threshold', 'Threshold'), series('baseline', 'Usual')];
  return {
    times,
    isPartial: none,
    isRunning: none,
    isMarked: times.map((time) => fires.some(({ fromMs, toMs }) => time >= fromMs && time < toMs)),
    series: all.filter(({ key, values: found }) => key === 'value' || found.some((value) => value !== null)),
  };
}

/** From when to when any instance fired. @param history latest first */
export function firingSpans(history: readonly Change[]): Span[] {
  const spans: Span[] = [];
  const open = new Map<string, number>();
  for (const { atMs, phase, labels, message } of history.toReversed()) {
    const instance = printLabels(labels);
    const since = open.get(instance);
    if (phase === 'firing') {
      if (since === undefined) open.set(instance, atMs);
      continue;
    }
    // What began before the history says when in its message.
    const startsAt = typeof message?.startsAt === 'string' ? Date.parse(message.startsAt) : undefined;
    const fromMs = since ?? (phase === 'resolved' ? startsAt : undefined);
    if (fromMs !== undefined) spans.push({ fromMs, toMs: atMs });
    open.delete(instance);
  }
  return [...spans, ...[...open.values()].map((fromMs) => ({ fromMs, toMs: Number.POSITIVE_INFINITY }))];
}
