import type { AlertListAnswer } from '../../../src/server/alert-answer.ts';
import { formatMoment } from '../format/time-text.ts';
import { ActButton } from '../operator/act-button.tsx';
import { act, useIsOperator } from '../operator/operator-token.ts';
import { CopyButton } from '../panels/copy-button.tsx';
import { deadAddress } from './alert-links.ts';

const replayCommand = 'tailrace alerts replay';

/** Messages that were given up: somebody was not told. */
export function DeadLetters({ dead }: Pick<AlertListAnswer, 'dead'>) {
  const isOperator = useIsOperator();
  return (
    <section className="panel" aria-label="Not delivered" data-panel="dead">
      <header className="panel-head">
        <h2>Not delivered</h2>
        <span className="panel-subtitle">messages that were given up</span>
        <a className="panel-action" href={deadAddress} aria-label="SQL of Not delivered">
          SQL
        </a>
      </header>
      <ul className="events">
        {dead.map(({ receiver, key, attempts, problem, atMs }) => (
          <li key={`${receiver} ${key}`}>
            <time>{formatMoment(atMs)}</time>
            <span className="badge badge-bad">{receiver}</span>
            <span className="event-text">
              <span>{key}</span>
              <span className="muted">
                given up after {attempts} {attempts === 1 ? 'attempt' : 'attempts'}: {problem}
              </span>
            </span>
          </li>
        ))}
      </ul>
      <footer className="dialog-foot">
        {isOperator ? (
          <ActButton label="Send once more" onAct={replay} />
        ) : (
          <>
            <span className="muted">
              The user who runs the server sends them once more with <code>{replayCommand}</code>
            </span>
            <CopyButton text={replayCommand} label="Copy command" />
          </>
        )}
      </footer>
    </section>
  );
}

async function replay(): Promise<string> {
  const { messages } = await act<{ readonly messages: number }>('POST', 'api/alerts/replay', {});
  return `${messages} ${messages === 1 ? 'message is' : 'messages are'} sent once more`;
}
