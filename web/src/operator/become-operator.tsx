import { type FormEvent, useState } from 'react';
import { CopyButton } from '../panels/copy-button.tsx';
import { becomeOperator } from './operator-token.ts';

const command = 'tailrace console';

/** How a page gets the right to change something: it is shown where the right is missing. */
export function BecomeOperator() {
  const [given, setGiven] = useState('');
  const submit = (event: FormEvent) => {
    event.preventDefault();
    becomeOperator(given.trim());
  };
  return (
    <form className="operator" onSubmit={submit}>
      <p>
        To do it here, open the address that <code>{command}</code> prints on the machine of the server, or enter{' '}
        <code>server.operatorToken</code> of its configuration.
      </p>
      <div className="operator-entry">
        <input
          className="filter-input"
          type="password"
          autoComplete="off"
          aria-label="Token of operators"
          value={given}
          onChange={({ target }) => setGiven(target.value)}
        />
        <button type="submit" className="button" disabled={given.trim() === ''}>
          Use
        </button>
        <CopyButton text={command} label="Copy command" />
      </div>
    </form>
  );
}
