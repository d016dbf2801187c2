import { type Ghost, hiddenKeys } from '../charts/ghost.ts';
import type { Series, TimeSeries } from '../charts/time-series.ts';
import type { Earlier } from '../compare/use-earlier.ts';
import { formatExactly, formatQuantity } from '../format/quantity.ts';

interface EarlierNoteProps {
  readonly earlier: Earlier;
  readonly ghost: Ghost | null;
  readonly data: TimeSeries;
  readonly shown: readonly Series[];
  readonly isStacked: boolean;
}

/** In a legend: the name of the line of what was before, or why there is none. */
export function EarlierNote({ earlier, ghost, data, shown, isStacked }: EarlierNoteProps) {
  const { name, answer, error } = earlier;
  const unit = shown[0]?.unit ?? 'count';
  const sum =
    ghost && isStacked && unit !== 'bits-per-second'
      ? ghost.sumWithout(hiddenKeys(data.series, shown)).reduce<number>((total, value) => total + (value ?? 0), 0)
      : null;
  return (
    <li className="legend-earlier" title={sum === null ? (error ?? undefined) : `${name}: ${formatExactly(sum, unit)}`}>
      <svg className="ghost-key" viewBox="0 0 16 8" aria-hidden="true">
        <path className="ghost" d="M0 4H16" />
      </svg>
      {name}
      {sum !== null && <b>{formatQuantity(sum, unit)}</b>}
      {error !== null && ': not read'}
      {error === null &&
        answer &&
        !ghost &&
        (answer.rows.length === 0 ? ': no data' : ': its bars begin at other times')}
    </li>
  );
}
