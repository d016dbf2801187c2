import type { BarSeriesOption, LineSeriesOption } from 'echarts/charts';
import type { GridComponentOption, TooltipComponentOption } from 'echarts/components';
import type { ComposeOption } from 'echarts/core';
import { formatQuantity } from '../format/quantity.ts';
import { formatSpan } from '../format/time-text.ts';
import { labelTicks } from './axis-ticks.ts';
import { createTooltip } from './chart-tooltip.ts';
import { readColor } from './color-scheme.ts';
import { type Drawing, drawSeries } from './draw-series.ts';
import { colorProperty } from './series-color.ts';
import type { Series, TimeSeries } from './time-series.ts';

export type ChartOption = ComposeOption<
  BarSeriesOption | LineSeriesOption | GridComponentOption | TooltipComponentOption
>;

/** @param stepMs width of a bucket */
export function createOption(
  data: TimeSeries,
  shown: readonly Series[],
  drawing: Drawing,
  stepMs: number,
): ChartOption {
  const muted = readColor('--text-muted');
  const faint = readColor('--line');
  const colors = shown.map((series) => readColor(colorProperty(series.key, data.series.indexOf(series))));
  const unit = shown[0]?.unit ?? 'count';
  const isStacked = drawing !== 'lines';
  const ticks = labelTicks(data.times, stepMs);
  return {
    animation: false,
    grid: { left: 4, right: 14, top: 10, bottom: 6, outerBoundsMode: 'same', outerBoundsContain: 'axisLabel' },
    xAxis: {
      type: 'category',
      data: data.times.map(String),
      boundaryGap: drawing === 'bars',
      axisLine: { lineStyle: { color: faint } },
      axisTick: { show: false },
      axisLabel: {
        color: muted,
        fontSize: 11,
        hideOverlap: true,
        // Without a gap at the ends they would overlap the other axis, or be clipped.
        ...(drawing === 'bars' ? {} : { alignMinLabel: 'left' as const, alignMaxLabel: 'right' as const }),
        interval: (index: number) => Boolean(ticks[index]),
        formatter: (_text: string, index: number) => ticks[index] ?? '',
      },
      axisPointer: { type: drawing === 'bars' ? 'shadow' : 'line', label: { show: false } },
    },
    yAxis: {
      type: 'value',
      ...(unit === 'ratio' ? { interval: 0.25 } : { splitNumber: 3 }),
      min: 0,
      ...(unit === 'ratio' ? { max: 1 } : {}),
      axisLabel: { color: muted, fontSize: 11, formatter: (value: number) => formatAxis(value, unit) },
      splitLine: { lineStyle: { color: faint } },
      ...(unit === 'count' ? { minInterval: 1 } : {}),
    },
    tooltip: {
      trigger: 'axis',
      confine: true,
      transitionDuration: 0,
      padding: 0,
      borderWidth: 0,
      backgroundColor: 'transparent',
      extraCssText: 'box-shadow:none;',
      axisPointer: {
        lineStyle: { color: muted, type: 'solid', width: 1 },
        shadowStyle: { color: readColor('--pointer') },
      },
      formatter: (parameters) => {
        const index = (Array.isArray(parameters) ? parameters[0] : parameters)?.dataIndex ?? 0;
        const lines = shown.map((series, position) => ({ series, color: colors[position] ?? muted }));
        return createTooltip(describeBucket(data, index, stepMs), lines, index, isStacked);
      },
    },
    series: shown.flatMap((series, position) => drawSeries(series, data.isPartial, colors[position] ?? muted, drawing)),
  };
}

function describeBucket(data: TimeSeries, index: number, stepMs: number): string {
  const fromMs = data.times[index] ?? 0;
  return `${formatSpan(fromMs, fromMs + stepMs)} UTC${data.isRunning[index] ? ' (not over yet)' : data.isPartial[index] ? ' (in part)' : ''}`;
}

function formatAxis(value: number, unit: Series['unit']): string {
  return printTick(value, unit).replace(/\.(\d*[1-9])?0*/, (_, digits = '') => (digits ? `.${digits}` : ''));
}

function printTick(value: number, unit: Series['unit']): string {
  if (unit === 'ratio') return `${Math.round(value * 100)}\u00a0%`;
  if (unit === 'count' && value >= 1000) return formatQuantity(value, 'bytes').replace(/B$/, '').trim();
  return formatQuantity(value, unit);
}
