import type { AlertHistoryAnswer } from '../../../src/server/alert-answer.ts';
import { formatQuantity } from '../format/quantity.ts';
import { formatMoment } from '../format/time-text.ts';
import { zoneName } from '../format/time-zone.ts';
import { historyAddress } from './alert-links.ts';
import { printLabels, stateTones, unitOf } from './alert-words.ts';

/** The changes of an alert, and who was told of them. */
export function AlertHistory({ answer: { alert, history, condition } }: { readonly answer: AlertHistoryAnswer }) {
  const unit = unitOf(condition.type);
  return (
    <section className="panel" aria-label="History" data-panel="alert-history">
      <header className="panel-head">
        <h2>History</h2>
        <span className="panel-subtitle">{zoneName()}, the latest first</span>
        <a className="panel-action" href={historyAddress(alert.name)} aria-label="SQL of History">
          SQL
        </a>
      </header>
      {history.length === 0 ? (
        <p className="panel-note">It has never been pending.</p>
      ) : (
        // biome-ignore lint/a11y/noNoninteractiveTabindex: a region that scrolls must be reachable by keyboard
        <div className="table-scroll" tabIndex={0}>
          <table className="report-table">
            <thead>
              <tr>
                <th scope="col">Time</th>
                <th scope="col">State</th>
                <th scope="col">Instance</th>
                <th scope="col" className="number">
                  Value
                </th>
                <th scope="col" className="number">
                  Threshold
                </th>
                <th scope="col">Told</th>
              </tr>
            </thead>
            <tbody>
              {history.map(({ atMs, phase, labels, value, threshold, suppressedBy, deliveries }) => (
                <tr key={`${atMs} ${printLabels(labels)} ${phase}`}>
                  <td>{formatMoment(atMs)}</td>
                  <td>
                    <span className={`badge badge-${stateTones[phase] ?? 'none'}`}>{phase}</span>
                  </td>
                  <td>{printLabels(labels) || '–'}</td>
                  <td className="number">{formatQuantity(value, unit)}</td>
                  <td className="number">{formatQuantity(threshold, unit)}</td>
                  <td>
                    {suppressedBy !== '' && <span className="tone-warn">nobody: {suppressedBy}</span>}
                    {deliveries.map(({ receiver, state, attempts, problem }) => (
                      <span
                        key={receiver}
                        className={`badge badge-${deliveryTones[state]}`}
                        title={problem || `${attempts} ${attempts === 1 ? 'attempt' : 'attempts'}`}
                      >
                        {receiver}: {state === 'failed' ? `failed ${attempts} times, is tried again` : state}
                      </span>
                    ))}
                  </td>
                </tr>
              ))}
            </tbody>
          </table>
        </div>
      )}
    </section>
  );
}

const deliveryTones = { waiting: 'none', delivered: 'good', failed: 'warn', dead: 'bad' } as const;
