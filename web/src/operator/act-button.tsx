import { useState } from 'react';

interface ActButtonProps {
  readonly label: string;
  /** Sends it. @returns what is shown afterwards */
  readonly onAct: () => Promise<string>;
}

/** A button that changes something on the server, and says what came of it. */
export function ActButton({ label, onAct }: ActButtonProps) {
  const [state, setState] = useState({ isBusy: false, said: '', isProblem: false });
  const run = async () => {
    setState({ isBusy: true, said: '', isProblem: false });
    try {
      setState({ isBusy: false, said: await onAct(), isProblem: false });
    } catch (error) {
      setState({ isBusy: false, said: (error as Error).message, isProblem: true });
    }
  };
  return (
    <span className="act">
      <button type="button" className="button" disabled={state.isBusy} onClick={run}>
        {label}
      </button>
      <span role="status" className={state.isProblem ? 'tone-bad' : 'muted'}>
        {state.said}
      </span>
    </span>
  );
}
