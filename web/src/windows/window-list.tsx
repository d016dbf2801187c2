import type { WindowAnswer } from '../../../src/server/window-answer.ts';
import { namedAddress } from '../view/named-address.ts';
import { WindowFigures } from './window-figures.tsx';
import { describeWindow, stateTones } from './window-words.ts';
import { draftAddress, windowsAddress } from './windows-address.ts';

interface WindowListProps {
  readonly windows: readonly WindowAnswer[];
  /** Name that was asked for, and is not there; empty for none. */
  readonly missing: string;
}

/** All continuous queries, in the order of the configuration. */
export function WindowList({ windows, missing }: WindowListProps) {
  return (
    <section className="panel" aria-label="Continuous queries" data-panel="windows">
      <header className="panel-head">
        <h2>Continuous queries</h2>
        <span className="panel-subtitle">answered for each window of event time, as soon as it is over</span>
        <a className="button" href={draftAddress('')}>
          New query
        </a>
      </header>
      {missing !== '' && <p className="tone-warn">There is no continuous query “{missing}”.</p>}
      {windows.length === 0 ? (
        <p className="panel-note">None is configured: see the section windows of the configuration.</p>
      ) : (
        <ul className="window-list">
          {windows.map((window) => (
            <li key={window.name} data-window={window.name}>
              <div className="window-words">
                <a className="window-name" href={namedAddress(windowsAddress, window.name)}>
                  {window.name}
                </a>
                <span className={`badge badge-${stateTones[window.state]}`}>{window.state}</span>
                <span className="muted">{describeWindow(window)}</span>
              </div>
              <WindowFigures window={window} />
              <WindowProblem window={window} />
            </li>
          ))}
        </ul>
      )}
    </section>
  );
}

export function WindowProblem({ window: { problem, state } }: { readonly window: WindowAnswer }) {
  if (problem === null) return null;
  return <p className={state === 'retrying' ? 'window-problem tone-warn' : 'window-problem muted'}>{problem}</p>;
}
