import { isLiveMode, type LiveMode, liveModes } from '../view/live-mode.ts';

interface LiveSelectProps {
  readonly mode: LiveMode;
  readonly onChoose: (mode: LiveMode) => void;
}

/** How often the page refreshes by itself. */
export function LiveSelect({ mode, onChoose }: LiveSelectProps) {
  return (
    <select
      className={mode === 'off' ? 'button live' : 'button live filter-set'}
      aria-label="Refresh by itself"
      title="How often the page refreshes by itself; a hidden tab waits"
      value={mode}
      onChange={({ target }) => isLiveMode(target.value) && onChoose(target.value)}
    >
      {Object.entries(liveModes).map(([name, { label }]) => (
        <option key={name} value={name}>
          {label}
        </option>
      ))}
    </select>
  );
}
