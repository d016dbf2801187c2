import type { BarSeriesOption, LineSeriesOption } from 'echarts/charts';
import type { GridComponentOption, TooltipComponentOption } from 'echarts/components';
import type { ComposeOption } from 'echarts/core';
import { formatQuantity } from '../format/quantity.ts';
import { formatSpan } from '../format/time-text.ts';
import { labelTicks } from './axis-ticks.ts';
import { createTooltip } from './chart-tooltip.ts';
import { readColor } from './color-scheme.ts';
import { colorProperty } from './series-color.ts';
import type { Series, TimeSeries } from './time-series.ts';

export type ChartOption = ComposeOption<
  BarSeriesOption | LineSeriesOption | GridComponentOption | TooltipComponentOption
>;

/** Bars for what is counted in a bucket, areas for a rate that adds up, lines for what must not be added. */
export type Drawing = 'bars' | 'areas' | 'lines';

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
    series: shown.map((series, position) => drawSeries(series, data.isPartial, colors[position] ?? muted, drawing)),
  };
}

function drawSeries(
  series: Series,
  isPartial: readonly boolean[],
  color: string,
  drawing: Drawing,
): BarSeriesOption | LineSeriesOption {
  const shared = { name: series.label, itemStyle: { color }, emphasis: { disabled: true } };
  if (drawing === 'bars') {
    const data = series.values.map((value, index) =>
      isPartial[index] ? { value, itemStyle: { color, opacity: 0.5 } } : value,
    );
    return { ...shared, data, type: 'bar', stack: 'all', barCategoryGap: '18%', barMaxWidth: 42 };
  }
  return {
    ...shared,
    data: [...series.values],
    type: 'line',
    lineStyle: { color, width: drawing === 'lines' ? 1.75 : 0, ...(isDashed(series.key) ? { type: [4, 3] } : {}) },
    // A point between two gaps has no line: without a mark it would be invisible.
    symbol: 'circle',
    symbolSize: 4,
    showSymbol: drawing === 'lines' && hasLonelyPoint(series.values),
    // Otherwise only the points above an axis label have one.
    showAllSymbol: true,
    ...(drawing === 'areas' ? { stack: 'all', areaStyle: { color, opacity: 0.9 } } : {}),
  };
}

function describeBucket(data: TimeSeries, index: number, stepMs: number): string {
  const fromMs = data.times[index] ?? 0;
  return `${formatSpan(fromMs, fromMs + stepMs)} UTC${data.isPartial[index] ? ' (in part)' : ''}`;
}

function hasLonelyPoint(values: readonly (number | null)[]): boolean {
  return values.some(
    (value, index) => value !== null && (values[index - 1] ?? null) === null && (values[index + 1] ?? null) === null,
  );
}

/** Parts of a whole beside the percentiles of all: `p95_hit` has the colour of hits, and that is close to theirs. */
function isDashed(key: string): boolean {
  return /^p\d+_/.test(key);
}

function formatAxis(value: number, unit: Series['unit']): string {
  return printTick(value, unit).replace(/\.(\d*[1-9])?0*/, (_, digits = '') => (digits ? `.${digits}` : ''));
}

function printTick(value: number, unit: Series['unit']): string {
  if (unit === 'ratio') return `${Math.round(value * 100)}\u00a0%`;
  if (unit === 'count' && value >= 1000) return formatQuantity(value, 'bytes').replace(/B$/, '').trim();
  return formatQuantity(value, unit);
}
