import { readSqlTokens } from '../engine/sql-tokens.ts';
import { quoteIdentifier } from '../schema/quote-identifier.ts';
import type { ResultColumn } from './result-column.ts';

/** The table that a query reads. */
export interface SourceTable {
  readonly table: string;
  readonly database: string;
  /** All, also those that are computed. */
  readonly columns: readonly ResultColumn[];
}

/** With the columns alone that the SQL may mean: the engine works at each of a table, also where it reads none of it. */
export function namedColumns(source: SourceTable, sql: string): SourceTable {
  const words = new Set(readSqlTokens(sql).map(({ text }) => text));
  return { ...source, columns: source.columns.filter(({ name }) => words.has(name)) };
}

export interface SourceOptions {
  /** SQL over the rows: which of them. */
  readonly where?: string;
  /** Further columns, as SQL. */
  readonly more?: readonly string[];
}

/** `requests AS (SELECT … FROM tailrace.requests WHERE …)`: the name then means these rows, wherever a person writes it. */
export function sourceRows(source: SourceTable, { where = 'true', more = [] }: SourceOptions = {}): string {
  const columns = [...source.columns.map(({ name }) => quoteIdentifier(name)), ...more];
  const table = `${quoteIdentifier(source.database)}.${quoteIdentifier(source.table)}`;
  return `${quoteIdentifier(source.table)} AS (SELECT ${columns.join(', ')} FROM ${table} WHERE ${where})`;
}

export const moment = (ms: string) => `fromUnixTimestamp64Milli(${ms}, 'UTC')`;
export const epochMs = 'toUnixTimestamp64Milli(time)';

/** A person's SELECT over the rows of one window. @param startMs SQL, of an Int64 */
export function rowsOfWindow(
  source: SourceTable,
  sql: string,
  startMs = 'toInt64(0)',
  endMs = 'toInt64(0)',
  where = 'true',
): string {
  const more = [`${moment(startMs)} AS window_start`, `${moment(endMs)} AS window_end`];
  return `WITH ${sourceRows(source, { where, more })} SELECT * FROM (${sql})`;
}
