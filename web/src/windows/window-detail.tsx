import { useCallback } from 'react';
import type { WindowAnswer } from '../../../src/server/window-answer.ts';
import { useRefreshed } from '../data/use-refreshed.ts';
import { useLiveWindows } from './use-live-windows.ts';
import { WindowChart } from './window-chart.tsx';
import { WindowFigures } from './window-figures.tsx';
import { WindowProblem } from './window-list.tsx';
import { WindowOutputs } from './window-outputs.tsx';
import { WindowQuery } from './window-query.tsx';
import { WindowRows } from './window-rows.tsx';
import type { WindowGrid } from './window-series.ts';
import { describeWindow, stateTones } from './window-words.ts';
import { draftAddress, windowsAddress } from './windows-address.ts';
import { readExplanation } from './windows-source.ts';

/** States are counted so often. */
const stateSeconds = 60;

/** One continuous query, with its windows as they are emitted. */
export function WindowDetail({ window }: { readonly window: WindowAnswer }) {
  const { name, sql, state } = window;
  const columns = window.columns ?? [];
  const live = useLiveWindows(name);
  // Another definition, or one that the store takes now, is answered otherwise.
  const question = JSON.stringify([name, sql, window.window, state]);
  // biome-ignore lint/correctness/useExhaustiveDependencies: each question asks again
  const read = useCallback((signal: AbortSignal) => readExplanation(name, signal), [name, question]);
  const explained = useRefreshed(read, question, stateSeconds);
  return (
    <>
      <p className="crumbs">
        <a href={windowsAddress}>All continuous queries</a>
        <a href={draftAddress(name)}>Try a change</a>
      </p>
      <section className="panel" aria-label={name} data-panel="window">
        <header className="panel-head window-head">
          <h2>{name}</h2>
          <span className={`badge badge-${stateTones[state]}`}>{state}</span>
          <span className="panel-subtitle">{describeWindow(window)}</span>
          <span className="panel-subtitle window-live" role="status" data-stream={live.state}>
            {streamWords[live.state]}
          </span>
        </header>
        <WindowProblem window={window} />
        <WindowFigures window={window} />
      </section>
      <WindowChart name={name} grid={gridOf(window)} columns={columns} windows={live.windows} shows="latest" />
      <WindowRows columns={columns} windows={live.windows} table={window.table} question={explained.value?.question} />
      {window.outputs.length > 0 && <WindowOutputs window={window} />}
      <WindowQuery window={window} latest={live.windows[0]} explained={explained} />
    </>
  );
}

const streamWords = {
  connecting: 'Connecting …',
  connected: 'Live',
  lost: 'The stream is lost, and tried again',
} as const;

/** Sessions begin at any moment. */
function gridOf({ window }: Pick<WindowAnswer, 'window'>): WindowGrid {
  if (window.type === 'session') return { everyMs: 1000, isOverlapping: false };
  return { everyMs: window.everyMs, isOverlapping: window.everyMs < window.sizeMs };
}
