import { colorProperty } from '../charts/series-color.ts';
import { type Series, totalOf } from '../charts/time-series.ts';
import { formatExactly, formatQuantity } from '../format/quantity.ts';

interface LegendProps {
  readonly series: readonly Series[];
  readonly shownKeys: ReadonlySet<string>;
  readonly onToggle: (key: string) => void;
  /** Shows one of several definitions at a time, instead of toggling series. */
  readonly picksOne: boolean;
}

export function Legend({ series, shownKeys, onToggle, picksOne }: LegendProps) {
  const total = series.reduce((sum, one) => sum + (totalOf(one) ?? 0), 0);
  return (
    <ul className="legend">
      {series.map((one, position) => {
        const sum = totalOf(one);
        return (
          <li key={one.key}>
            <button
              type="button"
              aria-pressed={shownKeys.has(one.key)}
              className={picksOne ? 'legend-pick' : undefined}
              onClick={() => onToggle(one.key)}
              title={sum === null ? undefined : `${one.label}: ${formatExactly(sum, one.unit)}`}
            >
              {!picksOne && <i className="dot" style={{ color: `var(${colorProperty(one.key, position)})` }} />}
              {one.label}
              {sum !== null && total > 0 && <b>{formatQuantity(sum / total, 'ratio')}</b>}
            </button>
          </li>
        );
      })}
    </ul>
  );
}
