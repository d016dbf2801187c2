import { compileFilter } from '../filters/compile-filter.ts';
import type { Fields } from '../filters/fields.ts';
import { logFields } from '../filters/log-fields.ts';
import { parseFilter } from '../filters/parse-filter.ts';
import { requestFields } from '../filters/request-fields.ts';
import type { RollupName } from '../store/rollup-tables.ts';
import { isList, orderList } from './list-order.ts';

/**
 * A report answers one question of a dashboard with one SELECT over `requests`, or over `logs`. Users see its SQL when they open a
 * panel as SQL, so it is written to be read; the engine uses the rollups for it automatically where it can.
 */
export interface Report {
  /** Kebab case; the last part of `/api/reports/<name>`. */
  readonly name: string;
  readonly title: string;
  /** What the numbers mean: formula, source fields of the log, and caveats. One short paragraph. */
  readonly definition: string;
  /** The table whose rows it is about; default `requests`. */
  readonly of?: 'logs';
  /**
   * One SELECT. It may use the parameters of {@link ReportParameters} as `{from:DateTime('UTC')}` and so on, and must
   * filter the time with {@link timeFilter} or {@link rowFilter}.
   */
  readonly sql: string;
  /** Rollups that can stand for the first `FROM requests` of the SQL, in order; the others, or all, must read rows. */
  readonly rollups: readonly RollupName[];
  /** In the same order, such of fewer rows: they are read instead while they have the columns of the filter. */
  readonly rollupsOfAll?: readonly RollupName[];
  readonly columns: readonly ReportColumn[];
}

export interface ReportColumn {
  /** Column name in the result of the SQL. */
  readonly name: string;
  readonly label: string;
  /** `bits-per-second`, `bytes`, `seconds` and `ratio` (0–1) tell the console how to print a number. */
  readonly unit: 'time' | 'text' | 'count' | 'bytes' | 'bits-per-second' | 'seconds' | 'ratio';
  /** The field of which it shows values: each can become a term of the filter. */
  readonly field?: string;
  /** The filter that takes what a column of numbers counts, where it counts a part. */
  readonly part?: string;
}

/** Values of a report's placeholders; those of the filter come with its SQL. */
export interface ReportParameters {
  /** Start, inclusive, and end, exclusive; whole seconds, `YYYY-MM-DD HH:MM:SS` UTC. */
  readonly from: string;
  readonly to: string;
  /** Width of a time bucket, seconds: below 60, or a multiple of 60. */
  readonly step: number;
  /** Rows of a top list. */
  readonly limit: number;
  /** A filter as text, see {@link parseFilter}; empty for all requests. */
  readonly q: string;
  /** Order of a list: name of a column, with `-` before it for the greatest first. Default: the list's own. */
  readonly sort?: string;
  /** Rows of a list that are left out before the first. */
  readonly offset?: number;
  /** Rising borders of ranges, with commas between them; see {@link usualBounds}. */
  readonly bounds?: string;
}

/** Seconds. */
const usualBounds = '0.1,0.5,1,5';

/** The place of the filter's conditions, on a line of its own after the first condition of a WHERE. */
const filterPlace = '/* filter */';

/** Time filter of reports that the rollup by minute can answer: it has whole minutes only; see {@link filterReport}. */
export const timeFilter = `toStartOfMinute(time) >= {from:DateTime('UTC')} AND toStartOfMinute(time) < {to:DateTime('UTC')}
${filterPlace}`;

/**
 * The same rows for reports on columns that no rollup has. `requests` is sorted by the hour, and the engine does not
 * infer the hour from a minute: without the second line it would read whole days.
 */
export const rowFilter = `time >= {from:DateTime('UTC')} AND time < {to:DateTime('UTC')}
AND toStartOfHour(time) >= toStartOfHour({from:DateTime('UTC')}) AND toStartOfHour(time) < {to:DateTime('UTC')}
${filterPlace}`;

/** The filter for the range of {@link timeFilter} and the range of equal length before it; needs {@link previousFrom}. */
export const doubleTimeFilter = timeFilter.replace("{from:DateTime('UTC')}", 'previous_from');
export const doubleRowFilter = rowFilter.replaceAll("{from:DateTime('UTC')}", 'previous_from');

/** Start of the range of equal length before the one asked for. */
export const previousFrom = `{from:DateTime('UTC')} - toIntervalSecond(dateDiff('second', {from:DateTime('UTC')}, {to:DateTime('UTC')}))`;

/** Whether rollups can answer: they have no seconds. */
export function isOfWholeMinutes({ from, to, step }: ReportParameters): boolean {
  return from.endsWith(':00') && to.endsWith(':00') && step % 60 === 0;
}

/** A report's SELECT with a filter. */
export interface FilteredReport {
  readonly sql: string;
  /** Values of the placeholders of the filter and of ranges, by name. */
  readonly filterValues: Readonly<Record<string, string>>;
  /** Columns that the filter reads. */
  readonly filterColumns: readonly string[];
}

/**
 * The SQL of a report that is right for these parameters: what is finer than a minute is read from rows.
 * @throws FilterError when the filter cannot be read
 */
export function filterReport(report: Pick<Report, 'sql' | 'of'>, parameters: ReportParameters): FilteredReport {
  const { sql } = report;
  const fields = fieldsOfReport(report);
  const { sql: condition, params, columns } = compileFilter(parseFilter(parameters.q, fields), fields);
  const timed = isOfWholeMinutes(parameters) ? sql : sql.replaceAll('toStartOfMinute(time)', 'time');
  const { sort = '', offset = 0 } = parameters;
  const ordered = isList(timed) ? orderList(timed, sort, offset) : timed;
  const ranges = sql.includes('{bounds:') ? { bounds: `[${parameters.bounds ?? usualBounds}]` } : {};
  return { sql: insertFilter(ordered, condition), filterValues: { ...params, ...ranges }, filterColumns: columns };
}

/** What its rows can be filtered by. */
export function fieldsOfReport({ of }: Pick<Report, 'of'>): Fields {
  return of === 'logs' ? logFields : requestFields;
}

/** @param condition SQL; empty for none */
export function insertFilter(sql: string, condition: string): string {
  const lines = sql.split('\n').flatMap((line) => {
    if (line.trim() !== filterPlace) return [line];
    const indent = ' '.repeat(line.indexOf(filterPlace));
    return condition === '' ? [] : `AND ${condition}`.split('\n').map((text) => indent + text);
  });
  return lines.join('\n');
}
