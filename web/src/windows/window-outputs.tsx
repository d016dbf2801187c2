import type { WindowAnswer } from '../../../src/server/window-answer.ts';
import { formatQuantity } from '../format/quantity.ts';
import { formatMoment } from '../format/time-text.ts';
import { CopyButton } from '../panels/copy-button.tsx';
import { stateTones } from './window-words.ts';

/** Where emitted windows are sent, and what was given up. */
export function WindowOutputs({ window: { name, outputs } }: { readonly window: WindowAnswer }) {
  const replayCommand = `tailrace windows replay ${name}`;
  const dead = outputs.reduce((sum, output) => sum + output.dead, 0);
  return (
    <section className="panel" aria-label="Outputs" data-panel="window-outputs">
      <header className="panel-head">
        <h2>Outputs</h2>
        <span className="panel-subtitle">where each emitted window is sent</span>
      </header>
      <ul className="window-outputs">
        {outputs.map((output) => (
          <li key={`${output.type} ${output.name}`} data-output={output.name}>
            <div className="window-words">
              <strong>{output.name}</strong>
              <span className="muted">{output.type}</span>
              <span className={`badge badge-${stateTones[output.state]}`}>{output.state}</span>
              {output.dead > 0 && (
                <span className="badge badge-bad">{formatQuantity(output.dead, 'count')} given up</span>
              )}
              <span className="muted">
                {formatQuantity(output.sent, 'count')} sent, {formatQuantity(output.waiting, 'count')} waiting,{' '}
                {formatQuantity(output.failures, 'count')} failed attempts
              </span>
            </div>
            {output.problem !== null && <p className="window-problem tone-warn">{output.problem}</p>}
            {output.deadLetters.length > 0 && (
              <ul className="events">
                {output.deadLetters.map(({ sequence, attempts, problem, atMs }) => (
                  <li key={sequence}>
                    <time>{formatMoment(atMs)}</time>
                    <span className="badge badge-bad">window {sequence}</span>
                    <span className="event-text">
                      given up after {attempts} {attempts === 1 ? 'attempt' : 'attempts'}: {problem}
                    </span>
                  </li>
                ))}
              </ul>
            )}
          </li>
        ))}
      </ul>
      {dead > 0 && (
        <footer className="dialog-foot">
          <span className="muted">
            The user who runs the server sends them once more with <code>{replayCommand}</code>
          </span>
          <CopyButton text={replayCommand} label="Copy command" />
        </footer>
      )}
    </section>
  );
}
