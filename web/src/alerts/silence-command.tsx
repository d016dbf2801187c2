import { useState } from 'react';
import { CopyButton } from '../panels/copy-button.tsx';
import { Dialog } from '../panels/dialog.tsx';

const lengths = ['30m', '2h', '8h', '24h', '7d'];

interface SilenceCommandProps {
  readonly alert: string;
  readonly labels: Readonly<Record<string, string>>;
}

/** The command that silences an instance: only the user who runs the server may. */
export function SilenceCommand({ alert, labels }: SilenceCommandProps) {
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

function SilenceDialog({ alert, labels, onClose }: SilenceCommandProps & { readonly onClose: () => void }) {
  const [matchers, setMatchers] = useState(
    [`alert=${alert}`, ...Object.entries(labels).map(([name, value]) => `${name}=${value}`)].join('\n'),
  );
  const [length, setLength] = useState('2h');
  const [comment, setComment] = useState('');
  const words = matchers.split('\n').filter((line) => line.trim() !== '');
  const command = `tailrace alerts silence ${words.map(quote).join(' ')} --for ${length}${comment === '' ? '' : ` --comment ${quote(comment)}`}`;
  return (
    <Dialog title={`Silence ${alert}`} onClose={onClose}>
      {() => (
        <>
          <p>
            Nobody is told of what matches, for this long. Only the user who runs the server may say so: run the command
            as this user, on the machine of the server.
          </p>
          <label className="field">
            Matchers, one a line: label=text or label!=text, with * for any characters; all must match
            <textarea rows={3} value={matchers} onChange={({ target }) => setMatchers(target.value)} />
          </label>
          <label className="field">
            For how long
            <select className="button" value={length} onChange={({ target }) => setLength(target.value)}>
              {lengths.map((one) => (
                <option key={one}>{one}</option>
              ))}
            </select>
          </label>
          <label className="field">
            Comment
            <input className="filter-input" value={comment} onChange={({ target }) => setComment(target.value)} />
          </label>
          {/* biome-ignore lint/a11y/noNoninteractiveTabindex: a region that scrolls must be reachable by keyboard */}
          <pre className="command" tabIndex={0}>
            <code>{command}</code>
          </pre>
          <footer className="dialog-foot">
            <CopyButton text={command} label="Copy command" />
          </footer>
        </>
      )}
    </Dialog>
  );
}

/** For a POSIX shell. */
function quote(text: string): string {
  return /^[\w@%+:,./=-]+$/.test(text) ? text : `'${text.replaceAll("'", `'\\''`)}'`;
}
