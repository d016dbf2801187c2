import { useMemo } from 'react';
import { toTimeSeries } from '../charts/time-series.ts';
import type { ReportAnswer } from '../data/report-answer.ts';
import { parseUtc } from '../view/time-range.ts';
import { useReport } from './report-context.ts';

type Values = readonly (number | null)[];

/** Answers that the page has for its charts. */
export interface ChartAnswers {
  readonly requests: ReportAnswer | null;
  readonly bytes: ReportAnswer | null;
  readonly hitRatio: ReportAnswer | null;
  readonly ttfb: ReportAnswer | null;
  readonly classes: ReportAnswer | null;
}

/** The course of each number of the summary over the range, from what the charts of the page ask for anyway. */
export function useTileSeries(): ReadonlyMap<string, Values> {
  const requests = useReport('requests-by-result').value;
  const bytes = useReport('bandwidth').value;
  const hitRatio = useReport('hit-ratio').value;
  const ttfb = useReport('ttfb').value;
  const classes = useReport('status-classes').value;
  return useMemo(
    () => tileSeries({ requests, bytes, hitRatio, ttfb, classes }),
    [requests, bytes, hitRatio, ttfb, classes],
  );
}

/** The course of each number of the summary over the range, by its name, as far as the charts tell it. */
export function tileSeries(answers: ChartAnswers): ReadonlyMap<string, Values> {
  const classes = read(answers.classes, 0);
  const all = sum(classes);
  const shareOf = (name: string) =>
    classes &&
    all?.map((total, bucket) => (total === 0 ? null : ((classes.get(name)?.[bucket] ?? 0) as number) / total));
  const found: readonly (readonly [string, Values | null | undefined])[] = [
    ['requests', sum(read(answers.requests, 0))],
    ['bytes', sum(read(answers.bytes, 0))],
    ['hit_ratio', read(answers.hitRatio, null)?.get('cacheable')],
    ['share_4xx', shareOf('4xx')],
    ['share_5xx', shareOf('5xx')],
    ['ttfb_p95', read(answers.ttfb, null)?.get('p95')],
  ];
  return new Map(found.flatMap(([name, values]) => (values ? [[name, values] as const] : [])));
}

function read(answer: ReportAnswer | null, empty: 0 | null): ReadonlyMap<string, Values> | null {
  if (!answer) return null;
  const { from, to, step } = answer.parameters;
  const { series } = toTimeSeries(answer, { fromMs: parseUtc(from), toMs: parseUtc(to), step }, empty);
  return new Map(series.map(({ key, values }) => [key, values]));
}

function sum(series: ReadonlyMap<string, Values> | null): readonly number[] | null {
  const [first, ...others] = series ? [...series.values()] : [];
  if (!first) return null;
  return first.map((value, bucket) => others.reduce((total, one) => total + (one[bucket] ?? 0), value ?? 0));
}
