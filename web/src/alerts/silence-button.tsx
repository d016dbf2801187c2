import { type FormEvent, useState } from 'react';
import { BecomeOperator } from '../operator/become-operator.tsx';
import { act, useIsOperator } from '../operator/operator-token.ts';
import { CopyButton } from '../panels/copy-button.tsx';
import { Dialog } from '../panels/dialog.tsx';
import { endOfSilence, printFor, type SilenceLength, silenceLengths } from './silence-end.ts';

interface SilenceButtonProps {
  readonly alert: string;
  readonly labels: Readonly<Record<string, string>>;
}

/** Silences an alert or an instance; who is no operator gets the command that does it. */
export function SilenceButton({ alert, labels }: SilenceButtonProps) {
  const [isOpen, setOpen] = useState(false);
  return (
    <>
      <button type="button" className="button" onClick={() => setOpen(true)}>
        Silence
      </button>
      {isOpen && <SilenceDialog alert={alert} labels={labels} onClose={() => setOpen(false)} />}
    </>
  );
}

const authorKey = 'tailrace.author';

function SilenceDialog({ alert, labels, onClose }: SilenceButtonProps & { readonly onClose: () => void }) {
  const isOperator = useIsOperator();
  const [matchers, setMatchers] = useState(
    [`alert=${alert}`, ...Object.entries(labels).map(([name, value]) => `${name}=${value}`)].join('\n'),
  );
  const [length, setLength] = useState<SilenceLength>('1h');
  const [until, setUntil] = useState('');
  const [comment, setComment] = useState('');
  const [author, setAuthor] = useState(readAuthor);
  const [problem, setProblem] = useState('');
  const words = matchers.split('\n').filter((line) => line.trim() !== '');
  const endsAtMs = endOfSilence(length, until, Date.now());
  const forWords = Number.isNaN(endsAtMs) ? '' : ` --for ${printFor(endsAtMs - Date.now())}`;
  const command = `tailrace alerts silence ${words.map(quote).join(' ')}${forWords}${comment === '' ? '' : ` --comment ${quote(comment)}`}`;
  const silence = async (event: FormEvent, close: () => void) => {
    event.preventDefault();
    storeAuthor(author);
    try {
      await act('POST', 'api/silences', { matchers: words, endsAtMs, author, comment });
      close();
    } catch (error) {
      setProblem((error as Error).message);
    }
  };
  return (
    <Dialog title={`Silence ${alert}`} onClose={onClose}>
      {(close) => (
        <>
          <form id="silence" onSubmit={(event) => void silence(event, close)}>
            <p>Nobody is told of what matches, for this long.</p>
            <label className="field">
              Matchers, one a line: label=text or label!=text, with * for any characters; all must match
              <textarea rows={3} value={matchers} onChange={({ target }) => setMatchers(target.value)} />
            </label>
            <label className="field">
              For how long
              <select
                className="button"
                value={length}
                onChange={({ target }) => setLength(target.value as SilenceLength)}
              >
                {Object.entries(silenceLengths).map(([key, text]) => (
                  <option key={key} value={key}>
                    {text}
                  </option>
                ))}
              </select>
            </label>
            {length === 'custom' && (
              <label className="field">
                Until
                <input
                  className="filter-input"
                  type="datetime-local"
                  required
                  value={until}
                  onChange={({ target }) => setUntil(target.value)}
                />
              </label>
            )}
            <label className="field">
              Comment
              <input
                className="filter-input"
                maxLength={1000}
                value={comment}
                onChange={({ target }) => setComment(target.value)}
              />
            </label>
            {isOperator && (
              <label className="field">
                Your name
                <input
                  className="filter-input"
                  required
                  maxLength={200}
                  autoComplete="name"
                  value={author}
                  onChange={({ target }) => setAuthor(target.value)}
                />
              </label>
            )}
          </form>
          {problem !== '' && (
            <p role="alert" className="tone-bad">
              {problem}
            </p>
          )}
          {isOperator ? (
            <footer className="dialog-foot">
              <button type="submit" form="silence" className="button button-primary">
                Silence
              </button>
            </footer>
          ) : (
            <>
              <p>Only an operator may say so. On the machine of the server its user does it by this command:</p>
              {/* biome-ignore lint/a11y/noNoninteractiveTabindex: a region that scrolls must be reachable by keyboard */}
              <pre className="command" tabIndex={0}>
                <code>{command}</code>
              </pre>
              <footer className="dialog-foot">
                <CopyButton text={command} label="Copy command" />
              </footer>
              <BecomeOperator />
            </>
          )}
        </>
      )}
    </Dialog>
  );
}

/** For a POSIX shell. */
function quote(text: string): string {
  return /^[\w@%+:,./=-]+$/.test(text) ? text : `'${text.replaceAll("'", `'\\''`)}'`;
}

function readAuthor(): string {
  try {
    return localStorage.getItem(authorKey) ?? '';
  } catch {
    return '';
  }
}

function storeAuthor(author: string): void {
  try {
    localStorage.setItem(authorKey, author);
  } catch {
    // It is asked for again.
  }
}
