import type { Aggregation } from './aggregations.ts';

/** State of a visualization without its title: type of the chart, its options, and what it asks for. */
export interface Chart {
  readonly type: string;
  readonly params: Readonly<Record<string, unknown>>;
  readonly aggs: readonly PlacedAggregation[];
}

export interface PlacedAggregation extends Aggregation {
  readonly id: string;
  readonly enabled: true;
  /** Its place in the chart, e.g. the axis. */
  readonly schema: string;
}

/** Bars (over time or lying) or lines, one for each value of `by`. */
export function xyChart(
  shape: 'histogram' | 'horizontal_bar' | 'line',
  measure: Aggregation,
  along: Aggregation,
  by?: Aggregation,
): Chart {
  const title = String(measure.params.customLabel);
  const lies = shape === 'horizontal_bar';
  const drawn = shape === 'line' ? { type: 'line', mode: 'normal' } : { type: 'histogram', mode: 'stacked' };
  return {
    type: shape,
    params: {
      type: drawn.type,
      grid: { categoryLines: false },
      categoryAxes: [
        {
          ...{ id: 'CategoryAxis-1', type: 'category', position: lies ? 'left' : 'bottom', show: true, style: {} },
          ...{ scale: { type: 'linear' }, labels: { show: true, filter: !lies, truncate: 100 }, title: {} },
        },
      ],
      valueAxes: [
        {
          ...{ id: 'ValueAxis-1', name: 'LeftAxis-1', type: 'value', position: lies ? 'bottom' : 'left' },
          ...{ show: true, style: {}, scale: { type: 'linear', mode: 'normal' }, title: { text: title } },
          labels: { show: true, rotate: 0, filter: lies, truncate: 100 },
        },
      ],
      seriesParams: [
        {
          ...{ show: true, ...drawn, data: { label: title, id: '1' }, valueAxis: 'ValueAxis-1' },
          ...{ drawLinesBetweenPoints: true, lineWidth: 2, showCircles: true },
        },
      ],
      ...{ addTooltip: true, addLegend: true, legendPosition: 'right', times: [], addTimeMarker: false },
    },
    aggs: place(['metric', measure], ['segment', along], ['group', by]),
  };
}

export function table(row: Aggregation, ...measures: readonly Aggregation[]): Chart {
  return {
    type: 'table',
    params: {
      ...{ perPage: 10, showPartialRows: false, showMetricsAtAllLevels: false },
      ...{ sort: { columnIndex: null, direction: null }, showTotal: false, totalFunc: 'sum' },
    },
    aggs: place(...measures.map((measure) => ['metric', measure] as const), ['bucket', row]),
  };
}

export function ring(measure: Aggregation, slice: Aggregation): Chart {
  return {
    type: 'pie',
    params: {
      ...{ type: 'pie', addTooltip: true, addLegend: true, legendPosition: 'right', isDonut: true },
      labels: { show: false, values: true, last_level: true, truncate: 100 },
    },
    aggs: place(['metric', measure], ['segment', slice]),
  };
}

export function numbers(...measures: readonly Aggregation[]): Chart {
  return {
    type: 'metric',
    params: {
      ...{ type: 'metric', addTooltip: true, addLegend: false },
      metric: {
        ...{ percentageMode: false, useRanges: false, invertColors: false, colorSchema: 'Green to Red' },
        ...{ metricColorMode: 'None', colorsRange: [{ from: 0, to: 10_000 }], labels: { show: true } },
        style: { bgFill: '#000', bgColor: false, labelColor: false, subText: '', fontSize: 36 },
      },
    },
    aggs: place(...measures.map((measure) => ['metric', measure] as const)),
  };
}

/** Countries of the map that both programs offer, joined by their ISO 3166 alpha-2 codes. */
export function countryMap(measure: Aggregation, country: Aggregation): Chart {
  const code = { type: 'id', name: 'iso2', description: 'ISO 3166-1 alpha-2 code' };
  return {
    type: 'region_map',
    params: {
      ...{ legendPosition: 'bottomright', addTooltip: true, colorSchema: 'Yellow to Red', isDisplayWarning: false },
      // Only names: the programs take attribution and address of the layer from their map service.
      selectedLayer: {
        ...{ name: 'World Countries', id: 'world_countries', layerId: 'elastic_maps_service.World Countries' },
        ...{ origin: 'elastic_maps_service', isEMS: true, format: { type: 'geojson' }, fields: [code] },
      },
      selectedJoinField: code,
      // The built-in layers, in OpenSearch Dashboards, which has custom ones too.
      layerChosenByUser: 'default',
      wms: { enabled: false, options: { format: 'image/png', transparent: true } },
      ...{ emsHotLink: '', mapZoom: 2, mapCenter: [0, 0], outlineWeight: 1, showAllShapes: true },
    },
    aggs: place(['metric', measure], ['segment', country]),
  };
}

/** A share over time: the sum of a field over what matches `part`, of that over what matches `whole`. */
export interface Ratio {
  readonly label: string;
  readonly color: string;
  /** In Lucene's syntax. */
  readonly part: string;
  readonly whole: string;
  readonly sumOf: string;
}

/** The visual builder (TSVB), which alone divides; it names its index by pattern. */
export function ratiosOverTime(index: string, timeField: string, ratios: readonly Ratio[]): Chart {
  const series = ratios.map(({ label, color, part, whole, sumOf }, position) => ({
    ...{ id: `series-${position}`, label, color, split_mode: 'everything', formatter: 'percent' },
    metrics: [
      {
        ...{ id: `ratio-${position}`, type: 'filter_ratio', numerator: part, denominator: whole },
        ...{ metric_agg: 'sum', field: sumOf },
      },
    ],
    ...{ separate_axis: 0, axis_position: 'left', chart_type: 'line', line_width: 2, point_size: 1 },
    ...{ fill: 0, stacked: 'none' },
  }));
  return {
    type: 'metrics',
    params: {
      ...{ id: 'ratios', type: 'timeseries', index_pattern: index, use_kibana_indexes: false, time_field: timeField },
      ...{
        interval: '',
        series,
        axis_position: 'left',
        axis_formatter: 'percent',
        axis_scale: 'normal',
        axis_min: '0',
      },
      ...{ show_legend: 1, show_grid: 1, drop_last_bucket: 0 },
    },
    aggs: [],
  };
}

function place(...parts: readonly (readonly [schema: string, Aggregation | undefined])[]): PlacedAggregation[] {
  return parts.flatMap(([schema, aggregation], index) =>
    aggregation === undefined ? [] : [{ id: String(index + 1), enabled: true as const, schema, ...aggregation }],
  );
}
