import { type Aggregation, metric } from './aggregations.ts';
import type { FieldNames } from './field-names.ts';

/** What the reports of the console measure, as aggregations. */
export interface Measures {
  /** Scaled by the sampling rate of each document, as `bytes`. */
  readonly requests: Aggregation;
  readonly bytes: Aggregation;
  readonly viewers: Aggregation;
  ttfb(percents: readonly number[]): Aggregation;
}

export function measuresOf(field: FieldNames): Measures {
  return {
    requests: metric('sum', field('weight'), 'Requests'),
    bytes: metric('sum', field('weighted_bytes'), 'Bytes'),
    viewers: metric('cardinality', field('client_ip'), 'Viewers'),
    ttfb: (percents) => metric('percentiles', field('ttfb'), 'Seconds', { percents }),
  };
}
