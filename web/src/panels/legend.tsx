import type { ReactNode } from 'react';
import { colorProperty } from '../charts/series-color.ts';
import { type Series, totalOf } from '../charts/time-series.ts';
import { ValueButton } from '../filters/value-button.tsx';
import { formatExactly, formatQuantity } from '../format/quantity.ts';
import { useReportScope } from '../overview/report-context.ts';

interface LegendProps {
  readonly series: readonly Series[];
  readonly shownKeys: ReadonlySet<string>;
  readonly onToggle: (key: string) => void;
  /** Shows one of several definitions at a time, instead of toggling series. */
  readonly picksOne: boolean;
  /** After the series. */
  readonly children?: ReactNode;
}

export function Legend({ series, shownKeys, onToggle, picksOne, children }: LegendProps) {
  const { addTerm } = useReportScope();
  const total = series.reduce((sum, one) => sum + (totalOf(one) ?? 0), 0);
  return (
    <ul className="legend">
      {series.map((one, position) => {
        const sum = totalOf(one);
        const canFilter = addTerm !== undefined && one.term !== undefined;
        const exactly = sum === null ? undefined : `${one.label}: ${formatExactly(sum, one.unit)}`;
        const name = (
          <>
            {one.label}
            {sum !== null && total > 0 && <b>{formatQuantity(sum / total, 'ratio')}</b>}
          </>
        );
        return (
          <li key={one.key}>
            <button
              type="button"
              aria-pressed={shownKeys.has(one.key)}
              aria-label={canFilter ? `Show ${one.label}` : undefined}
              className={picksOne ? 'legend-pick' : undefined}
              onClick={() => onToggle(one.key)}
              title={exactly}
            >
              {!picksOne && <i className="dot" style={{ color: `var(${colorProperty(one.key, position)})` }} />}
              {!canFilter && name}
            </button>
            {canFilter && one.term && <ValueButton term={one.term}>{name}</ValueButton>}
          </li>
        );
      })}
      {children}
    </ul>
  );
}
