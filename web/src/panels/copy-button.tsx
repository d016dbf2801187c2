import { useState } from 'react';

interface CopyButtonProps {
  readonly text: string;
  readonly label?: string;
  /** Selects the text on the page, where the browser gives no access to its clipboard: one key press then copies it. */
  readonly select?: () => void;
}

export function CopyButton({ text, label = 'Copy', select }: CopyButtonProps) {
  const [outcome, setOutcome] = useState<'' | 'Copied' | 'Press Ctrl+C' | 'No clipboard'>('');
  const copy = async () => {
    try {
      await navigator.clipboard.writeText(text);
      setOutcome('Copied');
    } catch {
      // Plain HTTP on another host has no clipboard.
      select?.();
      setOutcome(select ? 'Press Ctrl+C' : 'No clipboard');
    }
  };
  return (
    <button
      type="button"
      className="button"
      onClick={copy}
      aria-live="polite"
      title={outcome === 'No clipboard' ? text : undefined}
    >
      {outcome || label}
    </button>
  );
}
