import { useEffect, useId, useRef, useState } from 'react';
import { formatExactly } from '../format/quantity.ts';
import { useReportScope } from '../overview/report-context.ts';
import { PanelError } from '../panels/panel.tsx';
import { DownloadButtons } from '../sql/download-button.tsx';
import { fillParameters } from '../sql/fill-parameters.ts';
import { sqlPageAddress } from '../sql/sql-page-address.ts';
import { ColumnsDialog } from './columns-dialog.tsx';
import type { ExploreState } from './explore-address.ts';
import { RowDetails } from './row-details.tsx';
import { RowsTable } from './rows-table.tsx';
import { moveColumn } from './shown-columns.ts';
import { useRows } from './use-rows.ts';
import { type Tail, useTail } from './use-tail.ts';

interface RowsPanelProps {
  readonly state: ExploreState;
  readonly columns: readonly string[];
  readonly change: (part: Partial<ExploreState>) => void;
}

/** The rows of the range, newest first, or those that are being stored. */
export function RowsPanel({ state, columns, change }: RowsPanelProps) {
  const { table, row, isTail } = state;
  const { q } = useReportScope();
  const titleId = useId();
  const found = useRows(table, columns, isTail);
  const top = useRef<HTMLDivElement>(null);
  const [isStopped, setStopped] = useState(false);
  const isScrolled = useIsAway(top, isTail);
  // A row that is being read must not move.
  const isPaused = isStopped || isScrolled || row !== '';
  const tail = useTail(table, q, columns, { isOn: isTail, isPaused });
  const [isChoosing, setChoosing] = useState(false);
  const rows = isTail ? tail.rows : found.rows;
  const answer = found.first.value;
  const sql = answer && fillParameters(answer.sql, answer.values);
  const isListed = rows.some((one) => one.row === row);
  const resume = () => {
    setStopped(false);
    if (row !== '') change({ row: '' });
    top.current?.scrollIntoView({ block: 'nearest' });
  };
  return (
    <section
      className="panel rows-panel"
      aria-labelledby={titleId}
      aria-busy={!isTail && found.first.isLoading}
      data-rows={isTail ? 'tail' : found.first.error ? 'error' : found.first.isLoading ? 'loading' : 'ready'}
    >
      <div ref={top} className="rows-top" />
      <header className="panel-head rows-head">
        <h2 id={titleId}>{table === 'requests' ? 'Requests' : 'Log lines'}</h2>
        <span className="panel-subtitle" role="status">
          {isTail ? <TailState tail={tail} isPaused={isPaused} /> : countText(found.rows.length, found.readOlder)}
        </span>
        {isTail && (
          <button type="button" className="button" onClick={() => (isPaused ? resume() : setStopped(true))}>
            {isPaused ? 'Resume' : 'Pause'}
          </button>
        )}
        <button
          type="button"
          className="button"
          aria-pressed={isTail}
          title="Show rows as they are stored"
          onClick={() => {
            setStopped(false);
            change({ isTail: !isTail, row: '' });
          }}
        >
          Live tail
        </button>
        <button type="button" className="button" onClick={() => setChoosing(true)}>
          Columns
        </button>
      </header>
      {row !== '' && !isListed && (isTail || !found.first.isLoading) && (
        <div className="linked-row">
          <p className="muted">The row that this address is about; it is not among the rows below.</p>
          <RowDetails key={row} table={table} row={row} columns={columns} change={change} />
        </div>
      )}
      {!isTail && found.first.error && (
        <PanelError message={found.first.error} title="rows" onRetry={found.first.retry} />
      )}
      {!isTail && !answer && !found.first.error && (
        <div className="skeleton skeleton-page" role="status" aria-label="Rows are loading" />
      )}
      {(isTail || answer) && rows.length === 0 && (
        <p className="panel-note">
          {isTail
            ? 'Nothing was stored yet since this began.'
            : `Nothing in this range${q === '' ? '' : ' with this filter'}.`}
        </p>
      )}
      {rows.length > 0 && (
        <div className={!isTail && found.first.isStale ? 'stale' : undefined}>
          <RowsTable
            table={table}
            columns={columns}
            rows={rows}
            open={row}
            change={change}
            onMove={(name, to) => change({ columns: moveColumn(columns, name, to) })}
          />
        </div>
      )}
      {!isTail && answer && (
        <footer className="rows-foot">
          {found.readOlder && (
            <button type="button" className="button" disabled={found.isReadingOlder} onClick={found.readOlder}>
              Older rows
            </button>
          )}
          {found.problem && <span role="alert">{found.problem}</span>}
          <span className="rows-export">
            {sql && <DownloadButtons sql={sql} />}
            {sql && (
              <a className="button" href={sqlPageAddress(sql)}>
                SQL
              </a>
            )}
          </span>
        </footer>
      )}
      {isChoosing && (
        <ColumnsDialog
          table={table}
          columns={columns}
          onChange={(next) => change({ columns: next })}
          onClose={() => setChoosing(false)}
        />
      )}
    </section>
  );
}

function countText(shown: number, readOlder: unknown): string {
  if (shown === 0) return '';
  const count = formatExactly(shown, 'count');
  return readOlder ? `the newest ${count}` : `all ${count} of the range, newest first`;
}

function TailState({ tail, isPaused }: { readonly tail: Tail; readonly isPaused: boolean }) {
  const leftOut = tail.leftOut > 0 ? `; ${formatExactly(tail.leftOut, 'count')} came too fast and are left out` : '';
  if (tail.state === 'lost') return <>The server does not answer; it is asked again{leftOut}</>;
  if (tail.state === 'connecting') return <>Connecting</>;
  if (isPaused) return <>{`Paused, ${formatExactly(tail.waiting, 'count')} new${leftOut}`}</>;
  return <>{`as they are stored, whatever the range${leftOut}`}</>;
}

/** Whether the top of the list was scrolled out of the window. */
function useIsAway(top: { readonly current: HTMLElement | null }, isOn: boolean): boolean {
  const [isAway, setAway] = useState(false);
  useEffect(() => {
    setAway(false);
    if (!isOn || !top.current) return;
    const observer = new IntersectionObserver((entries) => setAway(entries.at(-1)?.isIntersecting === false));
    observer.observe(top.current);
    return () => observer.disconnect();
  }, [isOn, top]);
  return isAway;
}
