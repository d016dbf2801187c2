import { type Drawing, drawGhost, drawSeries, isDashed, type Shape, stackSeries } from './draw-series.ts';
import type { ghostLines } from './ghost.ts';
import type { Plot } from './plot.ts';
import { colorProperty } from './series-color.ts';
import { placeLabels } from './time-labels.ts';
import type { Series, TimeSeries } from './time-series.ts';
import { formatTick, type ValueAxis } from './value-axis.ts';

interface ChartPictureProps {
  readonly data: TimeSeries;
  readonly shown: readonly Series[];
  readonly ghosts: ReturnType<typeof ghostLines>;
  readonly drawing: Drawing;
  readonly stepMs: number;
  readonly axis: ValueAxis;
  readonly plot: Plot;
}

/** Axes and series. Colours come from the style sheet, which knows light and dark. */
export function ChartPicture({ data, shown, ghosts, drawing, stepMs, axis, plot }: ChartPictureProps) {
  const unit = shown[0]?.unit ?? 'count';
  const isStacked = drawing !== 'lines';
  const below = isStacked ? stackSeries(shown, data.times.length) : [];
  const colorOf = (series: Series) => `var(${colorProperty(series.key, data.series.indexOf(series))})`;
  return (
    <>
      {data.isMarked?.map((isMarked, bucket) => {
        if (!isMarked) return null;
        const left = Math.max(plot.left, plot.xOf(bucket) - plot.band / 2);
        const width = Math.min(plot.right, plot.xOf(bucket) + plot.band / 2) - left;
        const time = data.times[bucket];
        return (
          <rect key={time} className="chart-mark" x={left} y={plot.top} width={width} height={plot.bottom - plot.top} />
        );
      })}
      {axis.ticks.map((tick) => (
        <g key={tick}>
          <path className="axis-line" d={`M${plot.left} ${Math.round(plot.yOf(tick)) + 0.5}H${plot.right}`} />
          <text className="axis-label" x={plot.left - 8} y={plot.yOf(tick)} dy="0.35em" textAnchor="end">
            {formatTick(tick, unit)}
          </text>
        </g>
      ))}
      {placeLabels(data.times, stepMs, plot).map(({ text, x, anchor }) => (
        <text key={x} className="axis-label" x={x} y={plot.bottom + 17} textAnchor={anchor}>
          {text}
        </text>
      ))}
      {shown.map((series, position) => (
        <g
          key={series.key}
          className={isDashed(series.key) ? 'series series-dashed' : 'series'}
          style={{ color: colorOf(series) }}
        >
          {drawSeries(series, below[position] ?? [], data.isPartial, drawing, plot).map(drawShape)}
        </g>
      ))}
      {ghosts.map(({ key, values }) => {
        const series = shown.find((one) => one.key === key);
        return (
          <g key={key} className="series ghost" style={series && !isStacked ? { color: colorOf(series) } : undefined}>
            {drawGhost(values, plot).map(drawShape)}
          </g>
        );
      })}
      {axis.min > 0 && (
        <text className="axis-note" x={plot.left + 4} y={plot.bottom - 5}>
          ≈ axis does not begin at 0
        </text>
      )}
    </>
  );
}

function drawShape({ kind, d, isInPart }: Shape) {
  return <path key={`${kind}${isInPart}`} className={`shape-${kind}${isInPart ? ' in-part' : ''}`} d={d} />;
}
