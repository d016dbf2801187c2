import '../style/chart.css';
import { type KeyboardEvent, type PointerEvent, useId, useMemo, useRef } from 'react';
import { ChartPicture } from './chart-picture.tsx';
import { ChartTooltip, readBucket } from './chart-tooltip.tsx';
import { type Drawing, stackSeries } from './draw-series.ts';
import { type Ghost, ghostLines } from './ghost.ts';
import { layOut, type Plot } from './plot.ts';
import { colorProperty } from './series-color.ts';
import { moveCursor, useCursor } from './shared-cursor.ts';
import { glyphPixels } from './time-labels.ts';
import type { Series, TimeSeries } from './time-series.ts';
import { type Interval, useBrush } from './use-brush.ts';
import { useSize } from './use-size.ts';
import { chooseAxis, formatTick } from './value-axis.ts';

interface TimeChartProps {
  readonly data: TimeSeries;
  readonly shown: readonly Series[];
  readonly drawing: Drawing;
  readonly stepMs: number;
  /** Text for screen readers. */
  readonly label: string;
  /** What it is compared with. */
  readonly ghost?: Ghost | null;
  /** Called with the interval selected by dragging; without it dragging is disabled. */
  readonly onSelect?: ((interval: Interval) => void) | undefined;
  /** Called with the series of a stack that was clicked. */
  readonly onPick?: ((series: Series, isExcluded: boolean) => void) | undefined;
}

export function TimeChart({ data, shown, drawing, stepMs, label, ghost = null, onSelect, onPick }: TimeChartProps) {
  const box = useRef<HTMLDivElement>(null);
  const size = useSize(box);
  const id = useId();
  const cursor = useCursor();
  const isStacked = drawing !== 'lines';
  const buckets = data.times.length;

  const picture = useMemo(() => {
    if (!size || buckets === 0) return null;
    const ghosts = ghost ? ghostLines(ghost, data.series, shown, isStacked) : [];
    const unit = shown[0]?.unit ?? 'count';
    const axis = chooseAxis(
      [...heights(shown, buckets, isStacked), ...ghosts.flatMap(({ values }) => values)],
      unit,
      !isStacked,
    );
    const left = 10 + glyphPixels * Math.max(...axis.ticks.map((tick) => formatTick(tick, unit).length));
    const plot = layOut(size, left, buckets, axis, drawing === 'bars');
    return { plot, drawn: <ChartPicture {...{ data, shown, ghosts, drawing, stepMs, axis, plot }} /> };
  }, [size, data, shown, drawing, stepMs, ghost, isStacked, buckets]);
  const plot = picture?.plot ?? null;

  const brush = useBrush(plot, data.times, stepMs, onSelect, (bucket, value, { altKey }) => {
    const picked = isStacked ? findInStack(shown, bucket, value) : undefined;
    if (picked) onPick?.(picked, altKey);
  });

  const found = cursor ? data.times.findIndex((time) => cursor.timeMs >= time && cursor.timeMs < time + stepMs) : -1;
  const isOwn = cursor?.chart === id;
  const look = (bucket: number) => {
    const timeMs = data.times[Math.min(buckets - 1, Math.max(0, bucket))];
    if (timeMs !== undefined) moveCursor({ timeMs, chart: id });
  };
  const leave = () => isOwn && moveCursor(null);
  const onKeyDown = (event: KeyboardEvent) => {
    if (event.key === 'Escape') return leave();
    const to = { ArrowLeft: found < 0 ? buckets - 1 : found - 1, ArrowRight: found + 1, Home: 0, End: buckets - 1 }[
      event.key
    ];
    if (to === undefined || event.ctrlKey || event.metaKey || event.altKey) return;
    event.preventDefault();
    look(to);
  };
  const onPointer = (event: PointerEvent<HTMLElement>) => {
    brush.onMove(event);
    if (plot) look(plot.bucketAt(event.clientX - event.currentTarget.getBoundingClientRect().left));
  };

  return (
    <div
      ref={box}
      className={onSelect ? 'chart chart-selectable' : 'chart'}
      // The value of a slider is read aloud when a key changes it.
      role="slider"
      tabIndex={0}
      aria-label={label}
      aria-valuemin={0}
      aria-valuemax={Math.max(0, buckets - 1)}
      aria-valuenow={Math.max(0, found)}
      aria-valuetext={found < 0 ? 'arrow keys show values' : readBucket(data, shown, found, stepMs)}
      onKeyDown={onKeyDown}
      onBlur={leave}
      {...brush.handlers}
      onPointerMove={onPointer}
      onPointerLeave={({ pointerType }) => pointerType !== 'touch' && leave()}
    >
      <svg className="chart-picture" aria-hidden="true">
        {plot && found >= 0 && <Mark plot={plot} bucket={found} drawing={drawing} />}
        {picture?.drawn}
        {plot &&
          found >= 0 &&
          !isStacked &&
          shown.map((series) => {
            const value = series.values[found] ?? null;
            return (
              value !== null && (
                <circle
                  key={series.key}
                  className="cursor-point"
                  style={{ color: `var(${colorProperty(series.key, data.series.indexOf(series))})` }}
                  cx={plot.xOf(found)}
                  cy={plot.yOf(value)}
                  r={3}
                />
              )
            );
          })}
      </svg>
      {brush.mark && <div className="brush" style={{ left: `${brush.mark.left}px`, width: `${brush.mark.width}px` }} />}
      {plot && isOwn && found >= 0 && !brush.mark && (
        <ChartTooltip
          {...{ data, shown, ghost, stepMs, isStacked }}
          bucket={found}
          x={plot.xOf(found)}
          side={plot.xOf(found) < (plot.left + plot.right) / 2 ? 'right' : 'left'}
        />
      )}
    </div>
  );
}

function Mark({ plot, bucket, drawing }: { readonly plot: Plot; readonly bucket: number; readonly drawing: Drawing }) {
  const x = plot.xOf(bucket);
  const height = plot.bottom - plot.top;
  return drawing === 'bars' ? (
    <rect className="cursor-band" x={x - plot.band / 2} y={plot.top} width={plot.band} height={height} />
  ) : (
    <path className="cursor-line" d={`M${Math.round(x) + 0.5} ${plot.top}v${height}`} />
  );
}

/** What the axis must reach. */
function heights(shown: readonly Series[], buckets: number, isStacked: boolean): readonly (number | null)[] {
  if (!isStacked) return shown.flatMap(({ values }) => values);
  return stackSeries([...shown, { values: [] }], buckets).at(-1) ?? [];
}

/** The series that is drawn at this height. */
function findInStack(shown: readonly Series[], bucket: number, value: number): Series | undefined {
  let top = 0;
  return shown.find((series) => {
    const bottom = top;
    top += series.values[bucket] ?? 0;
    return value > bottom && value <= top;
  });
}
