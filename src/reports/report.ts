import type { RollupName } from '../store/rollup-tables.ts';

/**
 * A report answers one question of a dashboard with one SELECT over `requests`. Users see its SQL when they open a
 * panel as SQL, so it is written to be read; the engine uses the rollups for it automatically where it can.
 */
export interface Report {
  /** Kebab case; the last part of `/api/reports/<name>`. */
  readonly name: string;
  readonly title: string;
  /** What the numbers mean: formula, source fields of the log, and caveats. One short paragraph. */
  readonly definition: string;
  /**
   * One SELECT. It may use the parameters of {@link ReportParameters} as `{from:DateTime('UTC')}` and so on, and must
   * filter the time with {@link timeFilter} or {@link rowFilter}.
   */
  readonly sql: string;
  /** Rollups that can stand for the first `FROM requests` of the SQL, in order; the others, or all, must read rows. */
  readonly rollups: readonly RollupName[];
  readonly columns: readonly ReportColumn[];
}

export interface ReportColumn {
  /** Column name in the result of the SQL. */
  readonly name: string;
  readonly label: string;
  /** `bits-per-second`, `bytes`, `seconds` and `ratio` (0–1) tell the console how to print a number. */
  readonly unit: 'time' | 'text' | 'count' | 'bytes' | 'bits-per-second' | 'seconds' | 'ratio';
}

/** Values of a report's placeholders. Empty text means "all". */
export interface ReportParameters {
  /** Start, inclusive, and end, exclusive; whole seconds, `YYYY-MM-DD HH:MM:SS` UTC. */
  readonly from: string;
  readonly to: string;
  /** Width of a time bucket, seconds: below 60, or a multiple of 60. */
  readonly step: number;
  /** Rows of a top list. */
  readonly limit: number;
  readonly distribution: string;
  readonly host: string;
}

const scopeFilter = `AND ({distribution:String} = '' OR distribution = {distribution:String})
AND ({host:String} = '' OR host = {host:String})`;

/** Time filter of reports that the rollup by minute can answer: it has whole minutes only; see {@link sqlFor}. */
export const timeFilter = `toStartOfMinute(time) >= {from:DateTime('UTC')} AND toStartOfMinute(time) < {to:DateTime('UTC')}
${scopeFilter}`;

/**
 * The same rows for reports on columns that no rollup has. `requests` is sorted by the hour, and the engine does not
 * infer the hour from a minute: without the second line it would read whole days.
 */
export const rowFilter = `time >= {from:DateTime('UTC')} AND time < {to:DateTime('UTC')}
AND toStartOfHour(time) >= toStartOfHour({from:DateTime('UTC')}) AND toStartOfHour(time) < {to:DateTime('UTC')}
${scopeFilter}`;

/** The filter for the range of {@link timeFilter} and the range of equal length before it; needs {@link previousFrom}. */
export const doubleTimeFilter = timeFilter.replace("{from:DateTime('UTC')}", 'previous_from');
export const doubleRowFilter = rowFilter.replaceAll("{from:DateTime('UTC')}", 'previous_from');

/** Start of the range of equal length before the one asked for. */
export const previousFrom = `{from:DateTime('UTC')} - toIntervalSecond(dateDiff('second', {from:DateTime('UTC')}, {to:DateTime('UTC')}))`;

/** Whether rollups can answer: they have no seconds. */
export function isOfWholeMinutes({ from, to, step }: ReportParameters): boolean {
  return from.endsWith(':00') && to.endsWith(':00') && step % 60 === 0;
}

/** The SQL of a report that is right for these parameters: what is finer than a minute is read from rows. */
export function sqlFor({ sql }: Pick<Report, 'sql'>, parameters: ReportParameters): string {
  return isOfWholeMinutes(parameters) ? sql : sql.replaceAll('toStartOfMinute(time)', 'time');
}
