import type { PlacedAggregation } from '../../src/dashboards/charts.ts';
import type { SavedObject } from '../../src/dashboards/saved-object.ts';

/** What OpenSearch Dashboards and Kibana ask the cluster for a visualization, by their published source. */
export interface DashboardSearch {
  readonly body: { readonly size: 0; readonly query: Dsl; readonly aggs: Dsl };
  /** Rows of the answer: keys of the buckets from the outside in, then the values; without buckets of no documents. */
  rows(answer: Aggregations): Row[];
}

export type Row = (string | number)[];
export type Aggregations = Readonly<Record<string, Answer>>;
type Dsl = Record<string, unknown>;

/** Of a bucket or of an aggregation: numbers of the first, buckets or values of the second. */
interface Answer {
  readonly key?: string | number;
  readonly doc_count?: number;
  readonly value?: number;
  readonly values?: readonly { readonly value: number }[];
  readonly buckets?: readonly Answer[] | Readonly<Record<string, Answer>>;
  readonly [aggregation: string]: unknown;
}

/** Time in view, and the bucket that the program would choose for it. */
export interface TimeInView {
  /** Without a language of scripts, a node cannot divide. */
  readonly divides: boolean;
  readonly field: string;
  readonly from: string;
  readonly to: string;
  readonly interval: string;
}

interface Source {
  readonly query: { readonly query: string; readonly language: string };
  readonly filter: readonly { readonly range: Dsl }[];
}

interface Series {
  readonly id: string;
  readonly label: string;
  readonly metrics: readonly [
    {
      readonly id: string;
      readonly numerator: string;
      readonly denominator: string;
      readonly metric_agg: string;
      readonly field: string;
    },
  ];
}

interface State {
  readonly type: string;
  readonly aggs: readonly PlacedAggregation[];
  readonly params: { readonly series: readonly Series[] };
}

/** One search, or one for each series of the visual builder. */
export function dashboardSearches({ attributes }: SavedObject, view: TimeInView): DashboardSearch[] {
  const { searchSourceJSON } = attributes.kibanaSavedObjectMeta as { searchSourceJSON: string };
  const source: Source = JSON.parse(searchSourceJSON);
  const state: State = JSON.parse(String(attributes.visState));
  const time = { range: { [view.field]: { gte: view.from, lte: view.to, format: 'strict_date_optional_time' } } };
  const query = bool(
    [source.query.query === '' ? { match_all: {} } : lucene(source.query.query)],
    [time, ...source.filter.map(({ range }) => ({ range }))],
  );
  if (state.type === 'metrics') {
    return state.params.series.map((series) => ({
      body: { size: 0, query, aggs: ratioAggs(series, view) },
      rows: (answer) => ratioRows(series, answer),
    }));
  }
  const isBucket = ({ schema }: PlacedAggregation) => schema !== 'metric';
  const buckets = state.aggs.filter(isBucket);
  const metrics = state.aggs.filter((agg) => !isBucket(agg));
  return [
    {
      body: { size: 0, query, aggs: nestedAggs(buckets, metrics, view) },
      rows: (answer) => rowsOf(buckets, metrics, answer),
    },
  ];
}

function nestedAggs(
  buckets: readonly PlacedAggregation[],
  metrics: readonly PlacedAggregation[],
  view: TimeInView,
): Dsl {
  const values = Object.fromEntries(metrics.map((metric) => [metric.id, valueDsl(metric)]));
  const [outer, ...inner] = buckets;
  if (outer === undefined) return values;
  const order = outer.type === 'terms' ? String(outer.params.orderBy) : undefined;
  const ordered = order === undefined ? {} : { [order]: values[order] };
  return { [outer.id]: { ...bucketDsl(outer, view), aggs: { ...ordered, ...nestedAggs(inner, metrics, view) } } };
}

function valueDsl({ type, params: { field, percents } }: PlacedAggregation): Dsl {
  return { [type]: type === 'percentiles' ? { field, percents, keyed: false } : { field } };
}

function bucketDsl({ type, params }: PlacedAggregation, view: TimeInView): Dsl {
  const { field } = params;
  switch (type) {
    case 'terms':
      return { terms: { field, order: { [String(params.orderBy)]: params.order }, size: params.size } };
    case 'range':
      return { range: { field, ranges: params.ranges, keyed: true } };
    case 'date_histogram':
      return {
        date_histogram: { field, fixed_interval: view.interval, time_zone: 'UTC', min_doc_count: params.min_doc_count },
      };
    case 'filters': {
      const given = params.filters as { label: string; input: { query: string } }[];
      return {
        filters: { filters: Object.fromEntries(given.map(({ label, input }) => [label, bool([lucene(input.query)])])) },
      };
    }
    default:
      throw new Error(`no translation of the aggregation "${type}"`);
  }
}

function rowsOf(buckets: readonly PlacedAggregation[], metrics: readonly PlacedAggregation[], answer: Answer): Row[] {
  const [outer, ...inner] = buckets;
  if (outer === undefined) {
    return [
      metrics.flatMap(({ id }) => {
        const { value, values } = answer[id] as Answer;
        return values?.map((percentile) => percentile.value) ?? [value ?? Number.NaN];
      }),
    ];
  }
  return bucketsOf(answer[outer.id] as Answer)
    .filter(([, { doc_count }]) => doc_count !== 0)
    .flatMap(([key, bucket]) => {
      const shown = outer.type === 'date_histogram' ? timeText(Number(key)) : String(key);
      return rowsOf(inner, metrics, bucket).map((row) => [shown, ...row]);
    });
}

function bucketsOf({ buckets }: Answer): [key: string | number, bucket: Answer][] {
  return Array.isArray(buckets)
    ? buckets.map((bucket: Answer) => [bucket.key ?? '', bucket])
    : Object.entries(buckets ?? {});
}

function ratioAggs({ id, metrics: [metric] }: Series, view: TimeInView): Dsl {
  const part = (query: string) => ({
    filter: bool([lucene(query)]),
    aggs: { metric: { [metric.metric_agg]: { field: metric.field } } },
  });
  const script =
    'params.numerator != null && params.denominator != null && params.denominator > 0 ? params.numerator / params.denominator : 0';
  const buckets_path = { numerator: `${metric.id}-numerator>metric`, denominator: `${metric.id}-denominator>metric` };
  const histogram = { field: view.field, fixed_interval: view.interval, time_zone: 'UTC', min_doc_count: 0 };
  const bounds = { min: Date.parse(view.from), max: Date.parse(view.to) };
  return {
    [id]: {
      filter: { match_all: {} },
      aggs: {
        timeseries: {
          date_histogram: { ...histogram, extended_bounds: bounds },
          aggs: {
            [`${metric.id}-numerator`]: part(metric.numerator),
            [`${metric.id}-denominator`]: part(metric.denominator),
            ...(view.divides ? { [metric.id]: { bucket_script: { buckets_path, script } } } : {}),
          },
        },
      },
    },
  };
}

function ratioRows({ id, label, metrics: [metric] }: Series, answer: Aggregations): Row[] {
  const sumOf = (bucket: Answer, part: string) =>
    (bucket[`${metric.id}-${part}`] as { metric: Answer }).metric.value ?? 0;
  return bucketsOf(answer[id]?.timeseries as Answer)
    .filter(([, { doc_count }]) => doc_count !== 0)
    .map(([key, bucket]) => {
      const [part, whole] = [sumOf(bucket, 'numerator'), sumOf(bucket, 'denominator')];
      const divided = bucket[metric.id] as Answer | undefined;
      return [timeText(Number(key)), label, divided?.value ?? (whole > 0 ? part / whole : 0)];
    });
}

function bool(must: readonly Dsl[], filter: readonly Dsl[] = []): Dsl {
  return { bool: { must, filter, should: [], must_not: [] } };
}

function lucene(query: string): Dsl {
  return { query_string: { query, analyze_wildcard: true, time_zone: 'UTC' } };
}

/** As the engine writes it. */
function timeText(ms: number): string {
  return new Date(ms).toISOString().slice(0, 19).replace('T', ' ');
}
