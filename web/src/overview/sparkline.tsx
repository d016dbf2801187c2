import { chooseAxis } from '../charts/value-axis.ts';
import type { Unit } from '../format/quantity.ts';

const height = 20;

/** The course of a number over the range; the chart that it is taken from has its values. */
export function Sparkline({ values, unit }: { readonly values: readonly (number | null)[]; readonly unit: Unit }) {
  const { min, max } = chooseAxis(values, unit, true);
  const y = (value: number) => Math.round((height - 1 - ((value - min) / (max - min)) * (height - 2)) * 10) / 10;
  const d = values
    .map((value, bucket) =>
      value === null ? '' : `${(values[bucket - 1] ?? null) === null ? 'M' : 'L'}${bucket} ${y(value)}`,
    )
    .join('');
  return (
    <svg
      className="sparkline"
      viewBox={`0 0 ${Math.max(1, values.length - 1)} ${height}`}
      preserveAspectRatio="none"
      aria-hidden="true"
    >
      <path d={d} />
    </svg>
  );
}
