import { formatIso } from '../format/time-text.ts';
import { readShown, zoneName } from '../format/time-zone.ts';
import type { BacktestRange } from './backtest-source.ts';

interface RangeFieldsProps {
  readonly range: BacktestRange;
  readonly onChange: (range: BacktestRange) => void;
}

/** From when to when, in the time that the console shows. */
export function RangeFields({ range, onChange }: RangeFieldsProps) {
  const field = (label: string, key: keyof BacktestRange) => (
    <label className="window-choice">
      {label}
      <input
        type="datetime-local"
        className="button"
        step={1}
        required
        value={formatIso(range[key]).slice(0, 19)}
        onChange={({ target }) => {
          const ms = readShown(target.value);
          if (!Number.isNaN(ms)) onChange({ ...range, [key]: ms });
        }}
      />
    </label>
  );
  return (
    <div className="range-fields muted">
      {field('Windows from', 'fromMs')}
      {field('to', 'toMs')}
      {zoneName()}
    </div>
  );
}
