import type { Report, ReportColumn, ReportParameters } from '../../../src/reports/report.ts';
import type { StoreRange as StoredRange } from '../../../src/reports/store-range.ts';

export type { ReportColumn, ReportParameters };

/** Answer of `GET /api/range`; a report file has no store that could be damaged. */
export interface StoreRange extends StoredRange {
  readonly damage?: readonly string[];
  /** The range of the page at its bare address. */
  readonly opensOn?: { readonly from: string; readonly to: string } | null;
}

export type Cell = string | number | boolean | null;
export type Row = Readonly<Record<string, Cell>>;

/** Answer of `GET /api/reports/<name>`. */
export interface ReportAnswer extends Pick<Report, 'name' | 'title' | 'definition' | 'sql' | 'columns'> {
  readonly parameters: ReportParameters;
  /** Values of the placeholders of the filter and of ranges in the SQL, by name. */
  readonly filterValues: Readonly<Record<string, string>>;
  readonly rows: readonly Row[];
  readonly elapsedMs: number;
  /** What was now when it was asked: a bucket that ends later is still running. Absent in a report file. */
  readonly asOfMs?: number;
}

/** Where the page gets its data: the API of a running server, or the data embedded in a report file. */
export interface DataSource {
  /** Whether range, filters and SQL can be changed. */
  readonly isLive: boolean;
  readRange(signal: AbortSignal): Promise<StoreRange>;
  readReport(name: string, parameters: ReportParameters, signal: AbortSignal): Promise<ReportAnswer>;
}

/** The engine may print 64-bit integers as text; empty and unparsable cells are `null`. */
export function toNumber(cell: Cell | undefined): number | null {
  if (cell === null || cell === undefined || cell === '') return null;
  const number = Number(cell);
  return Number.isFinite(number) ? number : null;
}
