import { useCallback, useMemo } from 'react';
import type { Condition } from '../../../src/alerts/alert.ts';
import type { AlertHistoryAnswer } from '../../../src/server/alert-answer.ts';
import { colorProperty } from '../charts/series-color.ts';
import { TimeChart } from '../charts/time-chart.tsx';
import { useRefreshed } from '../data/use-refreshed.ts';
import { formatQuantity } from '../format/quantity.ts';
import { formatFreshness, formatLength, formatMoment, formatSpan } from '../format/time-text.ts';
import { zoneName } from '../format/time-zone.ts';
import { Refreshed } from '../panels/refreshed.tsx';
import { SqlText } from '../sql/sql-text.tsx';
import { AlertBacktest } from './alert-backtest.tsx';
import { AlertHistory } from './alert-history.tsx';
import { overviewOf, requestsOf, type Span, selectAddress, valuesAddress } from './alert-links.ts';
import { alertState, describeCondition, instanceState, printLabels, unitOf } from './alert-words.ts';
import { alertsAddress } from './alerts-address.ts';
import { readAlert, refreshSeconds } from './alerts-source.ts';
import { SilenceButton } from './silence-button.tsx';
import { firingSpans, valueSeries } from './value-series.ts';

/** One alert: what it is, what it says now, and what it has said. */
export function AlertDetail({ name }: { readonly name: string }) {
  const read = useCallback((signal: AbortSignal) => readAlert(name, signal), [name]);
  const asked = useRefreshed(read, name, refreshSeconds);
  return (
    <>
      <p className="crumbs">
        <a href={alertsAddress}>All alerts</a>
      </p>
      <Refreshed asked={asked} title={name}>
        {(answer) => (
          <>
            <Now answer={answer} />
            <Values answer={answer} />
            <AlertHistory answer={answer} />
            <AlertBacktest answer={answer} />
            <Definition answer={answer} />
          </>
        )}
      </Refreshed>
    </>
  );
}

interface AnswerProps {
  readonly answer: AlertHistoryAnswer;
}

/** The range that an evaluation looks at. */
function rangeAt({ overMs, delayMs }: AlertHistoryAnswer, atMs: number): Span {
  return { fromMs: atMs - delayMs - overMs, toMs: atMs - delayMs };
}

function Now({ answer }: AnswerProps) {
  const { alert } = answer;
  const { tone, text } = alertState(alert);
  const nowMs = Date.now();
  const evaluatedAtMs = alert.evaluatedAtMs ?? nowMs;
  return (
    <section className="panel" aria-label={alert.name} data-panel="alert">
      <header className="panel-head alert-head">
        <h2>{alert.name}</h2>
        <span className="panel-subtitle">{alert.severity}</span>
        <span className={`badge badge-${tone}`}>{text}</span>
        {alert.instances.length === 0 && <SilenceButton alert={alert.name} labels={{}} />}
      </header>
      <p>{alert.description}</p>
      {alert.problem !== '' && <p className="tone-warn">{alert.problem}</p>}
      {alert.instances.length === 0 && <p className="muted">No instance is pending or fires.</p>}
      {alert.instances.map((instance) => {
        const { labels, sinceMs, value, threshold, baseline, quietBy, suppressedBy, isAnnounced, filter } = instance;
        const state = instanceState(instance);
        const span = { fromMs: rangeAt(answer, sinceMs).fromMs, toMs: rangeAt(answer, evaluatedAtMs).toMs };
        const unit = unitOf(answer.condition.type);
        const reason = quietBy || (isAnnounced ? '' : suppressedBy);
        return (
          <div className="instance" key={printLabels(labels)} data-instance={printLabels(labels)}>
            <span className={`badge badge-${state.tone}`}>{state.text}</span>
            <div className="alert-words">
              {Object.keys(labels).length > 0 && <strong>{printLabels(labels)}</strong>}
              <span title={`${formatMoment(sinceMs)} ${zoneName()}`}>
                since {formatFreshness(sinceMs, nowMs)}: value {formatQuantity(value, unit)}
                {threshold !== null && `, threshold ${formatQuantity(threshold, unit)}`}
                {baseline !== null && `, usual ${formatQuantity(baseline, unit)}`}
              </span>
              {reason !== '' && <span className="tone-warn">Nobody is told: {reason}</span>}
            </div>
            <div className="instance-actions">
              {filter !== null && (
                <>
                  <a className="button button-primary" href={requestsOf(filter, span)}>
                    Its requests
                  </a>
                  <a className="button" href={overviewOf(filter, span)}>
                    Overview
                  </a>
                </>
              )}
              <SilenceButton alert={alert.name} labels={labels} />
            </div>
          </div>
        );
      })}
    </section>
  );
}

function Values({ answer }: AnswerProps) {
  const { alert, values, everyMs, condition, history } = answer;
  const data = useMemo(
    () => valueSeries(values, everyMs, unitOf(condition.type), firingSpans(history)),
    [values, everyMs, condition.type, history],
  );
  const last = values.at(-1);
  const [first] = data.times;
  return (
    <section className="panel panel-chart" aria-label="Value" data-panel="alert-values">
      <header className="panel-head">
        <h2>Value</h2>
        <span className="panel-subtitle">
          every {formatLength(everyMs)}, shaded while it fired; of the group with the greatest deviation
        </span>
        <a className="panel-action" href={valuesAddress(alert.name)} aria-label="SQL of Value">
          SQL
        </a>
      </header>
      <div className="panel-body">
        {first === undefined || !last ? (
          <p className="panel-note">It has not been evaluated yet.</p>
        ) : (
          <div>
            <ul className="legend">
              {data.series.map(({ key, label }, position) => (
                <li key={key} className="legend-name">
                  <i className="dot" style={{ color: `var(${colorProperty(key, position)})` }} />
                  {label}
                </li>
              ))}
            </ul>
            <TimeChart
              data={data}
              shown={data.series}
              drawing="lines"
              stepMs={everyMs}
              label={`Value of ${alert.name}, ${formatSpan(first, last.atMs)} ${zoneName()}: last ${formatQuantity(last.value, unitOf(condition.type))}`}
            />
          </div>
        )}
      </div>
    </section>
  );
}

function Definition({ answer }: AnswerProps) {
  const { alert, sql, condition, everyMs, overMs, delayMs, forMs, keepFiringMs, labels, dependsOn, filter } = answer;
  const lastMs = alert.evaluatedAtMs ?? Math.floor(Date.now() / everyMs) * everyMs;
  const facts: readonly (readonly [name: string, text: string])[] = [
    ['Holds when', describeCondition(condition as unknown as Condition)],
    ['Fires', forMs === 0 ? 'at once' : `after it has held for ${formatLength(forMs)}`],
    ['Is resolved', keepFiringMs === 0 ? 'at once' : `after it has not held for ${formatLength(keepFiringMs)}`],
    [
      'Looks at',
      `${formatLength(overMs)}, every ${formatLength(everyMs)}, ${delayMs === 0 ? 'up to now' : `which end ${formatLength(delayMs)} before`}`,
    ],
    ['By', labels.length === 0 ? 'all together' : labels.join(', ')],
    ['Requests', filter === null ? 'not about requests' : filter === '' ? 'all' : filter],
    ['Silent while', dependsOn.length === 0 ? '–' : `${dependsOn.join(' or ')} fires`],
    ['Tells', alert.notify.length === 0 ? 'nobody' : alert.notify.join(', ')],
  ];
  return (
    <section className="panel" aria-label="Definition" data-panel="alert-definition">
      <header className="panel-head">
        <h2>Definition</h2>
        <span className="panel-subtitle">the SELECT over the range of the last evaluation opens as SQL</span>
        <a
          className="panel-action"
          href={selectAddress(sql, rangeAt(answer, lastMs))}
          aria-label={`SQL of ${alert.name}`}
        >
          SQL
        </a>
      </header>
      <dl className="words">
        {facts.map(([name, text]) => (
          <div key={name}>
            <dt>{name}</dt>
            <dd>{text}</dd>
          </div>
        ))}
      </dl>
      {/* biome-ignore lint/a11y/noNoninteractiveTabindex: a region that scrolls must be reachable by keyboard */}
      <pre className="sql-block" tabIndex={0}>
        <SqlText sql={sql} />
      </pre>
    </section>
  );
}
