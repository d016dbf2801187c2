import { type FormEvent, useMemo, useState } from 'react';
import type { AlertHistoryAnswer } from '../../../src/server/alert-answer.ts';
import type { AlertBacktestAnswer } from '../../../src/server/backtest-answer.ts';
import { TimeChart } from '../charts/time-chart.tsx';
import { formatQuantity } from '../format/quantity.ts';
import { formatMoment, formatSpan } from '../format/time-text.ts';
import { asShown, readShown, zoneName } from '../format/time-zone.ts';
import { formatInput } from '../view/view-state.ts';
import { printLabels, stateTones, unitOf } from './alert-words.ts';
import { testAlert } from './alerts-source.ts';
import { firingSpans, valueSeries } from './value-series.ts';

const dayMs = 86_400_000;
const mostEvaluations = 3_000;
/** Answered within seconds. */
const usualEvaluations = 200;

interface AnswerProps {
  readonly answer: AlertHistoryAnswer;
}

/** What the alert would have done in a range, as it is now. */
export function AlertBacktest({ answer }: AnswerProps) {
  const { alert, everyMs } = answer;
  const [{ fromMs, toMs }] = useState(() => {
    const endMs = Math.floor(Date.now() / 1000) * 1000;
    return { fromMs: endMs - Math.min(dayMs, usualEvaluations * everyMs), toMs: endMs };
  });
  const [from, setFrom] = useState(formatInput(asShown(fromMs)));
  const [to, setTo] = useState(formatInput(asShown(toMs)));
  const [result, setResult] = useState<AlertBacktestAnswer | null>(null);
  const [problem, setProblem] = useState('');
  const [isBusy, setBusy] = useState(false);
  const run = async (event: FormEvent) => {
    event.preventDefault();
    setBusy(true);
    setProblem('');
    try {
      setResult(await testAlert(alert.name, { fromMs: readShown(from), toMs: readShown(to) }));
    } catch (error) {
      setResult(null);
      setProblem((error as Error).message);
    } finally {
      setBusy(false);
    }
  };
  return (
    <section className="panel" aria-label="Backtest" data-panel="alert-backtest" aria-busy={isBusy}>
      <header className="panel-head">
        <h2>Backtest</h2>
        <span className="panel-subtitle">what it would have done; nothing is recorded or sent</span>
      </header>
      <form className="operator-entry" onSubmit={run}>
        <TimeInput label={`From, ${zoneName()}`} value={from} onChange={setFrom} />
        <TimeInput label={`To, ${zoneName()}`} value={to} onChange={setTo} />
        <button type="submit" className="button button-primary" disabled={isBusy}>
          {isBusy ? 'Testing …' : 'Test'}
        </button>
      </form>
      {problem !== '' && (
        <p role="alert" className="tone-bad">
          {problem}
        </p>
      )}
      {result && <Outcome answer={answer} result={result} />}
    </section>
  );
}

interface TimeInputProps {
  readonly label: string;
  readonly value: string;
  readonly onChange: (value: string) => void;
}

function TimeInput({ label, value, onChange }: TimeInputProps) {
  return (
    <label className="field">
      {label}
      <input
        className="button"
        type="datetime-local"
        step="1"
        required
        value={value}
        onChange={({ target }) => onChange(target.value)}
      />
    </label>
  );
}

function Outcome({ answer, result }: AnswerProps & { readonly result: AlertBacktestAnswer }) {
  const { everyMs, condition } = answer;
  const { values, entries, evaluations, isComplete, problems, name } = result;
  const unit = unitOf(condition.type);
  const data = useMemo(
    () => valueSeries(values, everyMs, unit, firingSpans(entries.toReversed()), mostEvaluations),
    [values, entries, everyMs, unit],
  );
  const [first, last] = [values[0], values.at(-1)];
  const told = entries.filter(({ message }) => message !== null).length;
  return (
    <>
      <p role="status">
        {evaluations} evaluations would have sent {told} {told === 1 ? 'message' : 'messages'}.
        {!isComplete && ' These are not all of the range: choose a shorter one.'}
        {problems.length > 0 && <span className="tone-warn"> {problems.join(' ')}</span>}
      </p>
      {first && last && (
        <TimeChart
          data={data}
          shown={data.series}
          drawing="lines"
          stepMs={everyMs}
          label={`Backtest of ${name}, ${formatSpan(first.atMs, last.atMs)} ${zoneName()}`}
        />
      )}
      {entries.length > 0 && (
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
                <th scope="col">Would tell</th>
              </tr>
            </thead>
            <tbody>
              {entries.slice(0, 500).map(({ atMs, phase, labels, value, threshold, suppressedBy, message }) => (
                <tr key={`${atMs} ${printLabels(labels)} ${phase}`}>
                  <td>{formatMoment(atMs)}</td>
                  <td>
                    <span className={`badge badge-${stateTones[phase] ?? 'none'}`}>{phase}</span>
                  </td>
                  <td>{printLabels(labels) || '–'}</td>
                  <td className="number">{formatQuantity(value, unit)}</td>
                  <td className="number">{formatQuantity(threshold, unit)}</td>
                  <td>{suppressedBy !== '' ? `nobody: ${suppressedBy}` : message ? String(message.status) : '–'}</td>
                </tr>
              ))}
            </tbody>
          </table>
        </div>
      )}
    </>
  );
}
