import type { ExploredTable } from '../../../src/explore/explored-table.ts';
import type { RowOrigin } from '../../../src/explore/read-row.ts';
import { readJson } from '../data/http-source.ts';

/** A row by column; times are texts in UTC. */
export type ExploredRow = Readonly<Record<string, unknown>> & { readonly row: string };

/** Answer of `GET /api/explore/<table>`. */
export interface RowsAnswer {
  readonly columns: readonly string[];
  readonly rows: readonly ExploredRow[];
  readonly next: string | null;
  readonly sql: string;
  readonly values: Readonly<Record<string, string>>;
  readonly elapsedMs: number;
}

export interface RowAnswer {
  readonly values: Readonly<Record<string, unknown>>;
  readonly origin: RowOrigin | null;
}

export interface ValuesAnswer {
  readonly values: readonly { readonly value: string; readonly rows: number }[];
  readonly rows: number;
  readonly different: number;
  readonly parameters: { readonly from: string; readonly to: string };
  readonly counted: { readonly from: string; readonly to: string };
}

export interface AskedRows {
  readonly from: string;
  readonly to: string;
  readonly q: string;
}

export function readRows(
  table: ExploredTable,
  asked: AskedRows & { readonly columns: string; readonly before?: string },
  signal: AbortSignal,
): Promise<RowsAnswer> {
  return readJson<RowsAnswer>(`api/explore/${table}?${new URLSearchParams({ ...asked })}`, { signal });
}

export function readRow(table: ExploredTable, row: string, signal: AbortSignal): Promise<RowAnswer> {
  return readJson<RowAnswer>(`api/explore/${table}/rows/${encodeURIComponent(row)}`, { signal });
}

export function readValues(
  table: ExploredTable,
  asked: AskedRows & { readonly field: string; readonly contains?: string },
  signal: AbortSignal,
): Promise<ValuesAnswer> {
  return readJson<ValuesAnswer>(`api/explore/${table}/values?${new URLSearchParams({ ...asked })}`, { signal });
}

export function tailAddress(table: ExploredTable, q: string, columns: readonly string[]): string {
  return `api/explore/${table}/tail?${new URLSearchParams({ q, columns: columns.join() })}`;
}
