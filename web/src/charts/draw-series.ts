import type { BarSeriesOption, LineSeriesOption } from 'echarts/charts';
import type { Series } from './time-series.ts';

/** Bars for what is counted in a bucket, areas for a rate that adds up, lines for what must not be added. */
export type Drawing = 'bars' | 'areas' | 'lines';

type SeriesOption = BarSeriesOption | LineSeriesOption;

/** What is counted in part is paler: of bars, and of a line or an area that leads there from the last whole bucket. */
export function drawSeries(
  series: Series,
  isPartial: readonly boolean[],
  color: string,
  drawing: Drawing,
): SeriesOption[] {
  if (drawing === 'bars') {
    const shared = { name: series.label, itemStyle: { color }, emphasis: { disabled: true } };
    const data = series.values.map((value, index) =>
      isPartial[index] ? { value, itemStyle: { color, opacity: 0.5 } } : value,
    );
    return [{ ...shared, data, type: 'bar', stack: 'all', barCategoryGap: '18%', barMaxWidth: 42 }];
  }
  const whole = drawLine(
    series,
    series.values.map((value, index) => (isPartial[index] ? null : value)),
    color,
    drawing,
  );
  if (!isPartial.includes(true)) return [whole];
  const inPart = series.values.map((value, index) =>
    isPartial[index] || isPartial[index - 1] || isPartial[index + 1] ? value : null,
  );
  const part = drawLine(series, inPart, color, drawing);
  return [
    whole,
    drawing === 'areas'
      ? { ...part, stack: 'in part', areaStyle: { color, opacity: 0.4 } }
      : { ...part, lineStyle: { color, width: 1.75, type: [2, 3] } },
  ];
}

function drawLine(
  series: Series,
  values: readonly (number | null)[],
  color: string,
  drawing: Drawing,
): LineSeriesOption {
  return {
    name: series.label,
    itemStyle: { color },
    emphasis: { disabled: true },
    data: [...values],
    type: 'line',
    lineStyle: { color, width: drawing === 'lines' ? 1.75 : 0, ...(isDashed(series.key) ? { type: [4, 3] } : {}) },
    // A point between two gaps has no line: without a mark it would be invisible.
    symbol: 'circle',
    symbolSize: 4,
    showSymbol: drawing === 'lines' && hasLonelyPoint(values),
    // Otherwise only the points above an axis label have one.
    showAllSymbol: true,
    ...(drawing === 'areas' ? { stack: 'all', areaStyle: { color, opacity: 0.9 } } : {}),
  };
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
