import { useMemo, useState } from 'react';
import { comparisons } from '../compare/comparison.ts';
import { type Earlier, useEarlier } from '../compare/use-earlier.ts';
import { type ReportAnswer, type ReportColumn, toNumber } from '../data/report-answer.ts';
import type { Loading } from '../data/use-answer.ts';
import { formatExactly, formatQuantity } from '../format/quantity.ts';
import { Definition, PanelError, stateOf } from '../panels/panel.tsx';
import { SqlDialog } from '../panels/sql-dialog.tsx';
import { compare, isPrevious, previousOf } from './delta.ts';
import { useReport, useReportScope } from './report-context.ts';
import { Sparkline } from './sparkline.tsx';
import { useTileSeries } from './tile-series.ts';

const expectedTiles = 7;

/** The key numbers, each with what it was before. */
export function SummaryTiles() {
  const report = useReport('summary');
  const answer = report.value;
  const { comparison } = useReportScope();
  // A report file has nothing else to compare with than the period before, which is in the answer.
  const isIncluded = comparison === undefined || comparison?.name === 'previous';
  const earlier = useEarlier(report, isIncluded);
  const series = useTileSeries();
  const last = useLastMinutes(report).value;
  const before = answer && (isIncluded ? periodBefore(answer) : earlier && valuesOf(earlier));
  return (
    <section
      className="summary"
      aria-label="Summary"
      aria-busy={report.isLoading}
      data-panel="summary"
      data-state={stateOf(report)}
    >
      {report.error && !answer && <PanelError message={report.error} title="summary" onRetry={report.retry} />}
      {!report.error && !answer && <TileSkeletons />}
      {answer && (
        <>
          <dl className={report.isStale ? 'tiles stale' : 'tiles'}>
            {answer.columns
              .filter((column) => !isPrevious(column) && column.unit !== 'time' && column.unit !== 'text')
              .map((column, position) => (
                <Tile
                  key={column.name}
                  column={column}
                  answer={answer}
                  before={before}
                  last={last}
                  course={series.get(column.name)}
                  isFirst={position === 0}
                />
              ))}
          </dl>
          <SummaryActions answer={answer} earlier={earlier} />
          {report.error && <p className="panel-problem">Not refreshed: {report.error}</p>}
        </>
      )}
    </section>
  );
}

interface TileProps {
  readonly column: ReportColumn;
  readonly answer: ReportAnswer;
  /** Absent where nothing is compared. */
  readonly before: Before | null;
  /** The summary of the last 5 minutes; null where there is none. */
  readonly last: ReportAnswer | null;
  readonly course: readonly (number | null)[] | undefined;
  readonly isFirst: boolean;
}

/** The values of an earlier range; without `read` until they have come. */
interface Before {
  readonly when: string;
  readonly read?: (column: ReportColumn) => number | null;
  readonly error?: string | null;
}

function periodBefore(answer: ReportAnswer): Before {
  return {
    when: comparisons.previous.when,
    read: (column) => previousOf(answer.rows[0] ?? {}, column),
  };
}

function valuesOf({ when, answer, error }: Earlier): Before {
  if (!answer) return { when, error };
  return { when, read: ({ name }) => toNumber(answer.rows[0]?.[name]) };
}

function Tile({ column, answer, before, last, course, isFirst }: TileProps) {
  const row = answer.rows[0] ?? {};
  const value = toNumber(row[column.name]);
  const previous = before?.read?.(column) ?? null;
  const delta = compare(column, value, previous);
  return (
    <div className="tile">
      <dt>{column.label}</dt>
      <dd title={formatExactly(value, column.unit)}>{formatQuantity(value, column.unit)}</dd>
      <dd
        className={`delta ${delta?.tone ?? 'neutral'}`}
        title={delta && before ? `${formatExactly(previous, column.unit)} ${before.when}` : undefined}
      >
        {delta ? (
          <>
            <span aria-hidden="true">{arrows[delta.direction]}</span>
            <span className="hidden-text">{delta.direction} by</span> {delta.text}{' '}
            <span className="was">was {formatQuantity(previous, column.unit)}</span>
          </>
        ) : (
          // The same note on seven tiles would be noise: show it once.
          isFirst && before && <span>{noteOf(before)}</span>
        )}
      </dd>
      <dd className="tile-course">
        {course && <Sparkline values={course} unit={column.unit} />}
        {last && (
          <span title="The last 5 minutes of the range">
            5 min: {formatQuantity(toNumber(last.rows[0]?.[column.name]), column.unit)}
          </span>
        )}
      </dd>
    </div>
  );
}

const lastMs = 5 * 60_000;

/** The summary of the last 5 minutes of the range, asked for after that of the range; not of a range as short. */
function useLastMinutes({ value }: Loading<ReportAnswer>): Loading<ReportAnswer> {
  const { source, range, asOfMs = Number.POSITIVE_INFINITY } = useReportScope();
  const last = useMemo(() => {
    if (!source.isLive || value === null || range.toMs - range.fromMs <= lastMs) return null;
    // Of whole minutes: those are read from rollups.
    const toMs = Math.floor(Math.min(range.toMs, asOfMs) / 60_000) * 60_000;
    return { ...range, fromMs: toMs - lastMs, toMs };
  }, [source, range, asOfMs, value]);
  return useReport('summary', {}, last);
}

function noteOf({ when, read, error }: Before): string {
  if (error) return 'earlier data not read';
  if (!read) return '';
  return when === comparisons.previous.when ? 'no earlier data' : `no data ${when}`;
}

const arrows = { up: '↑', down: '↓', same: '→' } as const;

function SummaryActions({ answer, earlier }: { readonly answer: ReportAnswer; readonly earlier: Earlier | null }) {
  const [isSqlOpen, setSqlOpen] = useState(false);
  return (
    <div className="summary-actions">
      <Definition title={answer.title} text={answer.definition} />
      <button
        type="button"
        className="panel-action"
        aria-label={`SQL of ${answer.title}`}
        onClick={() => setSqlOpen(true)}
      >
        SQL
      </button>
      {isSqlOpen && <SqlDialog answer={answer} earlier={earlier} onClose={() => setSqlOpen(false)} />}
    </div>
  );
}

function TileSkeletons() {
  return (
    <div className="tiles" role="status" aria-label="Summary is loading">
      {Array.from({ length: expectedTiles }, (_, index) => (
        // biome-ignore lint/suspicious/noArrayIndexKey: they are all alike
        <div key={index} className="tile">
          <div className="skeleton" />
        </div>
      ))}
    </div>
  );
}
