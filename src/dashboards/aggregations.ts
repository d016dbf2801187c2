/** What a chart asks the cluster for. Its `params` are those of the editors of Kibana 7.0. */
export interface Aggregation {
  readonly type: string;
  readonly params: Readonly<Record<string, unknown>>;
}

export function metric(type: string, field: string, label: string, more: object = {}): Aggregation {
  return { type, params: { field, customLabel: label, ...more } };
}

/** The most frequent values of a field, by the first metric of the chart. */
export function terms(field: string, label: string, size: number): Aggregation {
  const labels = { otherBucketLabel: 'Other', missingBucketLabel: 'Missing' };
  return {
    type: 'terms',
    params: {
      ...{ field, customLabel: label, size, orderBy: '1', order: 'desc' },
      ...{ otherBucket: false, missingBucket: false, ...labels },
    },
  };
}

/** Ranges between these bounds, each with its lower one; the last has no end. */
export function ranges(field: string, label: string, bounds: readonly number[]): Aggregation {
  const all = bounds.map((from, index) => (index + 1 < bounds.length ? { from, to: bounds[index + 1] } : { from }));
  return { type: 'range', params: { field, customLabel: label, ranges: all } };
}

/** Documents by queries in Lucene's syntax. In the form of 7.0 the language is not named; a newer program adds it. */
export function filters(queries: Readonly<Record<string, string>>): Aggregation {
  const all = Object.entries(queries).map(([label, query]) => ({ input: { query }, label }));
  return { type: 'filters', params: { filters: all } };
}

/** Buckets of time, as wide as the range in view makes them. */
export function overTime(field: string): Aggregation {
  return {
    type: 'date_histogram',
    params: {
      ...{ field, customLabel: 'Time', interval: 'auto', useNormalizedEsInterval: true },
      ...{ drop_partials: false, min_doc_count: 1, extended_bounds: {} },
    },
  };
}
