import { formatQuantity } from '../format/quantity.ts';
import { formatSpan } from '../format/time-text.ts';
import { zoneName } from '../format/time-zone.ts';
import { type Ghost, hiddenKeys } from './ghost.ts';
import { colorProperty } from './series-color.ts';
import type { Series, TimeSeries } from './time-series.ts';

interface ChartTooltipProps {
  readonly data: TimeSeries;
  readonly shown: readonly Series[];
  readonly ghost: Ghost | null;
  readonly bucket: number;
  readonly stepMs: number;
  readonly isStacked: boolean;
  /** At which side of the marked bucket there is more room. */
  readonly side: 'left' | 'right';
  readonly x: number;
}

/** The values of a bucket, and those of the same bucket before. */
export function ChartTooltip({ data, shown, ghost, bucket, stepMs, isStacked, side, x }: ChartTooltipProps) {
  const unit = shown[0]?.unit ?? 'count';
  const lines = isStacked ? shown.toReversed().filter(({ values }) => values[bucket]) : shown;
  const then = ghost && (ghost.times[bucket] ?? null);
  return (
    <div
      className={`tooltip tooltip-${side}`}
      style={side === 'right' ? { left: `${x + 14}px` } : { right: `calc(100% - ${x - 14}px)` }}
    >
      <div className="tooltip-time">{describeBucket(data, bucket, stepMs)}</div>
      <dl className={ghost ? 'tooltip-list tooltip-compared' : 'tooltip-list'}>
        {lines.map((series) => (
          <Line
            key={series.key}
            series={series}
            color={colorProperty(series.key, data.series.indexOf(series))}
            bucket={bucket}
          >
            {ghost && formatQuantity(ghost.values.get(series.key)?.[bucket] ?? null, unit)}
          </Line>
        ))}
        {isStacked && (shown.length > 1 || ghost) && (
          <>
            <dt className="total">Total</dt>
            <dd className="total">{formatQuantity(sumOf(shown, bucket), unit)}</dd>
            {ghost && (
              <dd className="total tooltip-then">
                {formatQuantity(ghost.sumWithout(hiddenKeys(data.series, shown))[bucket] ?? null, unit)}
              </dd>
            )}
          </>
        )}
      </dl>
      {ghost && then !== null && (
        <div className="tooltip-time">
          {ghost.label}: {formatSpan(then, then + stepMs)}
        </div>
      )}
    </div>
  );
}

interface LineProps {
  readonly series: Series;
  readonly color: string;
  readonly bucket: number;
  /** The value before. */
  readonly children: string | null;
}

function Line({ series, color, bucket, children }: LineProps) {
  return (
    <>
      <dt>
        <i className="dot" style={{ color: `var(${color})` }} />
        {series.label}
      </dt>
      <dd>{formatQuantity(series.values[bucket] ?? null, series.unit)}</dd>
      {children !== null && <dd className="tooltip-then">{children}</dd>}
    </>
  );
}

function sumOf(shown: readonly Series[], bucket: number): number {
  return shown.reduce((sum, { values }) => sum + (values[bucket] ?? 0), 0);
}

export function describeBucket(data: TimeSeries, bucket: number, stepMs: number): string {
  const fromMs = data.times[bucket] ?? 0;
  return `${formatSpan(fromMs, fromMs + stepMs)} ${zoneName()}${data.isRunning[bucket] ? ' (not over yet)' : data.isPartial[bucket] ? ' (in part)' : ''}`;
}

/** The same as the tooltip, in words. */
export function readBucket(data: TimeSeries, shown: readonly Series[], bucket: number, stepMs: number): string {
  const values = shown.map(({ label, unit, values: all }) => `${label} ${formatQuantity(all[bucket] ?? null, unit)}`);
  return `${describeBucket(data, bucket, stepMs)}: ${values.join(', ')}`;
}
