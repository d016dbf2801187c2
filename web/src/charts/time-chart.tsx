import { BarChart, LineChart } from 'echarts/charts';
import { GridComponent, TooltipComponent } from 'echarts/components';
import { type ECharts, init, use } from 'echarts/core';
import { CanvasRenderer } from 'echarts/renderers';
import { useEffect, useRef } from 'react';
import { createOption } from './chart-option.ts';
import { useColorScheme } from './color-scheme.ts';
import type { Drawing } from './draw-series.ts';
import type { Series, TimeSeries } from './time-series.ts';
import { type Interval, useBrush } from './use-brush.ts';

use([BarChart, LineChart, GridComponent, TooltipComponent, CanvasRenderer]);

interface TimeChartProps {
  readonly data: TimeSeries;
  readonly shown: readonly Series[];
  readonly drawing: Drawing;
  readonly stepMs: number;
  /** Text for screen readers. */
  readonly label: string;
  /** Called with the interval selected by dragging; without it dragging is disabled. */
  readonly onSelect?: ((interval: Interval) => void) | undefined;
  /** Called with the series of a stack that was clicked. */
  readonly onPick?: ((series: Series, isExcluded: boolean) => void) | undefined;
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

export function TimeChart({ data, shown, drawing, stepMs, label, onSelect, onPick }: TimeChartProps) {
  const canvas = useRef<HTMLDivElement>(null);
  const chart = useRef<ECharts>(null);
  const scheme = useColorScheme();
  const brush = useBrush(chart, data.times, stepMs, onSelect, (bucket, value, { altKey }) => {
    const picked = drawing === 'lines' ? undefined : findInStack(shown, bucket, value);
    if (picked) onPick?.(picked, altKey);
  });

  useEffect(() => {
    if (!canvas.current) return;
    const created = init(canvas.current);
    chart.current = created;
    const observer = new ResizeObserver(() => created.resize());
    observer.observe(canvas.current);
    return () => {
      observer.disconnect();
      created.dispose();
      chart.current = null;
    };
  }, []);

  // biome-ignore lint/correctness/useExhaustiveDependencies: the colours are read from the page, which scheme changes
  useEffect(() => {
    chart.current?.setOption(createOption(data, shown, drawing, stepMs), { notMerge: true });
  }, [data, shown, drawing, stepMs, scheme]);

  return (
    <div className={onSelect ? 'chart chart-selectable' : 'chart'} role="img" aria-label={label} {...brush.handlers}>
      <div className="chart-canvas" ref={canvas} />
      {brush.mark && <div className="brush" style={{ left: brush.mark.left, width: brush.mark.width }} />}
    </div>
  );
}
