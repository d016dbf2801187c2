import { useMemo } from 'react';
import type { WindowBacktestAnswer } from '../../../src/server/backtest-answer.ts';
import { formatExactly } from '../format/quantity.ts';
import { formatSpan } from '../format/time-text.ts';
import { zoneName } from '../format/time-zone.ts';
import { gridOfWindows, windowsOfBacktest } from './backtest-source.ts';
import { WindowChart } from './window-chart.tsx';
import type { WindowDraft } from './window-draft.ts';
import { WindowRows } from './window-rows.tsx';

interface BacktestResultProps {
  readonly draft: WindowDraft;
  readonly answer: WindowBacktestAnswer;
}

/** What a draft would have emitted, and how it would be answered. */
export function BacktestResult({ draft, answer }: BacktestResultProps) {
  const windows = useMemo(() => windowsOfBacktest(answer), [answer]);
  const { name, from, to, until, isComplete, explain, rows } = answer;
  const { columns, isIncremental, why } = explain;
  const count = `${formatExactly(answer.windows, 'count')} ${answer.windows === 1 ? 'window' : 'windows'}`;
  return (
    <>
      <section className="panel" aria-label="Backtest" data-panel="window-backtest">
        <header className="panel-head window-head">
          <h2>Backtest</h2>
          <span className="panel-subtitle">
            {formatSpan(Date.parse(from), Date.parse(to))} {zoneName()}
          </span>
        </header>
        <p>
          {count} with rows, {formatExactly(rows.length, 'count')} result {rows.length === 1 ? 'row' : 'rows'}, had all
          rows come in time.
        </p>
        {!isComplete && (
          <p className="tone-warn">
            Too much for one answer: it ends with windows that begin before{' '}
            {formatSpan(Date.parse(from), Date.parse(until)).split(' – ').at(-1)}. Choose a shorter range for the rest.
          </p>
        )}
        <p className="muted">
          {isIncremental
            ? 'It would be answered from aggregate states, into which closed batches are folded.'
            : `Each window would be asked over its rows once it is over, because ${why}.`}
        </p>
      </section>
      {windows.length > 0 && (
        <>
          <WindowChart
            name={name}
            grid={gridOfWindows(windows, draft)}
            columns={columns}
            windows={windows}
            shows="all"
          />
          <WindowRows columns={columns} windows={windows} />
        </>
      )}
    </>
  );
}
