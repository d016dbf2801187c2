import { formatExactly, formatQuantity, type Unit } from '../format/quantity.ts';
import { formatSpan } from '../format/time-text.ts';

export interface SeriesColumn {
  readonly id: string;
  readonly label: string;
  /** One for each bucket; null where there is none. */
  readonly values: readonly (number | null)[];
}

interface SeriesTableProps {
  /** Start of each bucket, epoch ms. */
  readonly times: readonly number[];
  readonly stepMs: number;
  readonly unit: Unit;
  readonly columns: readonly SeriesColumn[];
}

/** The values of a chart: a row for each bucket. */
export function SeriesTable({ times, stepMs, unit, columns }: SeriesTableProps) {
  return (
    // biome-ignore lint/a11y/noNoninteractiveTabindex: a region that scrolls must be reachable by keyboard
    <div className="values-scroll" tabIndex={0}>
      <table className="report-table series-table">
        <thead>
          <tr>
            <th scope="col">Time</th>
            {columns.map(({ id, label }) => (
              <th key={id} scope="col" className="number">
                {label}
              </th>
            ))}
          </tr>
        </thead>
        <tbody>
          {times.map((time, bucket) => (
            <tr key={time}>
              <td>{formatSpan(time, time + stepMs)}</td>
              {columns.map(({ id, values }) => (
                <td key={id} className="number" title={formatExactly(values[bucket] ?? null, unit)}>
                  {formatQuantity(values[bucket] ?? null, unit)}
                </td>
              ))}
            </tr>
          ))}
        </tbody>
      </table>
    </div>
  );
}
