import { createContext, useCallback, useContext, useMemo } from 'react';
import type { Fields } from '../../../src/filters/fields.ts';
import type { Term } from '../../../src/filters/filter.ts';
import type { Interval } from '../charts/use-brush.ts';
import type { Comparison } from '../compare/comparison.ts';
import type { DataSource, ReportAnswer, ReportParameters } from '../data/report-answer.ts';
import { type Loading, useAnswer } from '../data/use-answer.ts';
import type { ResolvedRange } from '../view/time-range.ts';
import { toSqlTime } from '../view/time-range.ts';

/** Range and filters shared by all panels of the page. */
export interface ReportScope {
  readonly source: DataSource;
  readonly range: ResolvedRange;
  /** What is now, epoch ms; absent in a report file. */
  readonly asOfMs?: number;
  /** Identifies range and filters, also as the range moves with time. */
  readonly question: string;
  /** What can be filtered by; default: the fields of requests. */
  readonly fields?: Fields;
  /** What the range is compared with. */
  readonly comparison?: Comparison | null;
  /** The filter as text. */
  readonly q: string;
  /** Frequent values of a field that have a text in them, for completion. Absent where none can be asked for. */
  readonly readValues?:
    | ((field: string, contains: string, signal: AbortSignal) => Promise<readonly string[]>)
    | undefined;
  /** Adds a term to the filter. Absent where it cannot be changed. */
  readonly addTerm?: ((term: Term) => void) | undefined;
  /** The same with several. */
  readonly addTerms?: ((terms: readonly Term[]) => void) | undefined;
  /** Absent where the range cannot be changed. */
  readonly selectInterval?: ((interval: Interval) => void) | undefined;
}

export const ReportContext = createContext<ReportScope | null>(null);

export function useReportScope(): ReportScope {
  const scope = useContext(ReportContext);
  if (!scope) throw new Error('BUG: a panel is rendered outside of the ReportContext');
  return scope;
}

const topRows = 10;

/** Which rows of a list, and in which order; see {@link ReportParameters}. */
export type ListView = Partial<Pick<ReportParameters, 'sort' | 'offset' | 'limit' | 'bounds'>>;

/** @param other another range than that of the page; null: not yet */
export function useReport(
  name: string,
  { sort = '', offset = 0, limit = topRows, bounds = '' }: ListView = {},
  other?: ResolvedRange | null,
): Loading<ReportAnswer> {
  const { source, range: ofPage, asOfMs, question, q } = useReportScope();
  const range = other ?? ofPage;
  const isWanted = other !== null;
  const parameters = useMemo(
    (): ReportParameters => ({
      from: toSqlTime(range.fromMs),
      to: toSqlTime(range.toMs),
      step: range.step,
      limit,
      q,
      sort,
      offset,
      bounds,
    }),
    [range, q, sort, offset, limit, bounds],
  );
  const read = useCallback(
    async (signal: AbortSignal): Promise<ReportAnswer> => {
      const answer = await source.readReport(name, parameters, signal);
      return asOfMs === undefined ? answer : { ...answer, asOfMs };
    },
    [source, name, parameters, asOfMs],
  );
  return useAnswer(isWanted ? read : null, JSON.stringify([question, sort, offset, bounds]));
}
