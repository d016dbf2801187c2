import type { AlertListAnswer } from '../../../src/server/alert-answer.ts';
import { formatMoment } from '../format/time-text.ts';
import { zoneName } from '../format/time-zone.ts';
import { ActButton } from '../operator/act-button.tsx';
import { act, useIsOperator } from '../operator/operator-token.ts';
import { CopyButton } from '../panels/copy-button.tsx';

/** Silences that have not ended. */
export function SilenceList({ silences }: Pick<AlertListAnswer, 'silences'>) {
  const isOperator = useIsOperator();
  return (
    <section className="panel" aria-label="Silences" data-panel="silences">
      <header className="panel-head">
        <h2>Silences</h2>
        <span className="panel-subtitle">of what matches, nobody is told</span>
      </header>
      {silences.length === 0 ? (
        <p className="panel-note">None.</p>
      ) : (
        <ul className="events">
          {silences.map(({ id, matchers, startsAtMs, endsAtMs, author, comment }) => (
            <li key={id}>
              <time title={`since ${formatMoment(startsAtMs)} ${zoneName()}`}>until {formatMoment(endsAtMs)}</time>
              <span className="badge">{id}</span>
              <span className="event-text">
                <span>{matchers.join(' ')}</span>
                <span className="muted">
                  {author}
                  {comment !== '' && `: ${comment}`}
                </span>
                <span>
                  {isOperator ? (
                    <ActButton label="End now" onAct={() => end(id)} />
                  ) : (
                    <CopyButton text={`tailrace alerts silence --end ${id}`} label="Copy command that ends it" />
                  )}
                </span>
              </span>
            </li>
          ))}
        </ul>
      )}
    </section>
  );
}

async function end(id: string): Promise<string> {
  await act('DELETE', `api/silences/${encodeURIComponent(id)}`);
  return 'It has ended';
}
