import type { Chart } from './charts.ts';

/** A visualization of a dashboard. */
export interface Panel {
  /** Kebab case; a part of the id of its object. Those of a report of the console have its name. */
  readonly name: string;
  readonly title: string;
  /** What the numbers mean. */
  readonly description: string;
  readonly chart: Chart;
  /** Only these documents, in Lucene's syntax; people can edit it above the chart. */
  readonly query?: string;
  /** Only documents with a number from, and below, these; shown above the chart, where people can edit it. */
  readonly range?: { readonly field: string; readonly from: number; readonly below: number };
  /** In the dashboard, of 48 columns; a row is about 20 pixels high. */
  readonly width: number;
  readonly height: number;
}
