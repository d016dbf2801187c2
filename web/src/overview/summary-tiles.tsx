import { useState } from 'react';
import { type ReportAnswer, type ReportColumn, toNumber } from '../data/report-answer.ts';
import { formatExactly, formatQuantity } from '../format/quantity.ts';
import { Definition, PanelError, stateOf } from '../panels/panel.tsx';
import { SqlDialog } from '../panels/sql-dialog.tsx';
import { compare, describePrevious, isPrevious, previousOf } from './delta.ts';
import { useReport } from './report-context.ts';

const expectedTiles = 7;

/** The key numbers, each compared with the preceding period of equal length. */
export function SummaryTiles() {
  const report = useReport('summary');
  const answer = report.value;
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
                <Tile key={column.name} column={column} answer={answer} isFirst={position === 0} />
              ))}
          </dl>
          <SummaryActions answer={answer} />
          {report.error && <p className="panel-problem">Not refreshed: {report.error}</p>}
        </>
      )}
    </section>
  );
}

interface TileProps {
  readonly column: ReportColumn;
  readonly answer: ReportAnswer;
  readonly isFirst: boolean;
}

function Tile({ column, answer, isFirst }: TileProps) {
  const row = answer.rows[0] ?? {};
  const value = toNumber(row[column.name]);
  const previous = previousOf(row, column);
  const delta = compare(column, value, previous);
  return (
    <div className="tile">
      <dt>{column.label}</dt>
      <dd title={formatExactly(value, column.unit)}>{formatQuantity(value, column.unit)}</dd>
      <dd
        className={`delta ${delta?.tone ?? 'neutral'}`}
        title={delta ? describePrevious(column, previous) : undefined}
      >
        {delta ? (
          <>
            <span aria-hidden="true">{arrows[delta.direction]}</span>
            <span className="hidden-text">{delta.direction} by</span> {delta.text}
          </>
        ) : (
          // The same note on seven tiles would be noise: show it once.
          isFirst && <span>no earlier data</span>
        )}
      </dd>
    </div>
  );
}

const arrows = { up: '↑', down: '↓', same: '→' } as const;

function SummaryActions({ answer }: { readonly answer: ReportAnswer }) {
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
      {isSqlOpen && <SqlDialog answer={answer} onClose={() => setSqlOpen(false)} />}
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
