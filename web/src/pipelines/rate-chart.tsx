import { useMemo } from 'react';
import { formatMinute } from '../format/time-text.ts';
import { zoneName } from '../format/time-zone.ts';
import { drawRates, type RatePoint } from './rate-history.ts';
import { formatRate } from './rate-text.ts';

interface RateChartProps {
  readonly name: string;
  readonly points: readonly RatePoint[];
}

/** Lines per second since the page was opened. Too many charts, redrawn too often, to use those of the overview. */
export function RateChart({ name, points }: RateChartProps) {
  const { stretches, most, fromMs, toMs } = useMemo(() => drawRates(points), [points]);
  const peak = `${formatRate(most)} lines/s`;
  return (
    <figure
      className="rate-chart"
      role="img"
      aria-label={`Rate of ${name} since ${formatMinute(fromMs)} ${zoneName()}, at most ${peak}`}
    >
      <svg viewBox="0 0 100 100" preserveAspectRatio="none" aria-hidden="true">
        {stretches.map(({ line, area }) => (
          <g key={line.slice(0, line.indexOf('L'))}>
            <path className="rate-area" d={area} />
            <path className="rate-line" d={line} />
          </g>
        ))}
      </svg>
      {most > 0 && <span className="rate-peak">{peak}</span>}
      <figcaption>
        <span>
          {formatMinute(fromMs)} {zoneName()}
        </span>
        <span>{formatMinute(toMs)}</span>
      </figcaption>
    </figure>
  );
}
