import { rollupsByName } from '../store/rollup-tables.ts';
import { sql } from '../text/sql-text.ts';
import { order } from './list-order.ts';
import { type Report, type ReportColumn, rowFilter } from './report.ts';
import { requestsSum, samplingNote } from './scaled-sums.ts';

/** How many values a list has, and the requests of all of them. */
export function totalsOf(report: Report): Report {
  const { name, title, sql: text, rollups } = report;
  const list = text.slice(0, text.lastIndexOf(order)).replaceAll('\n', '\n  ');
  return {
    name,
    title,
    definition: 'How many values the list has, and the requests of all of them.',
    sql: `SELECT count() AS values, sum(requests) AS requests\nFROM (\n  ${list}\n)`,
    // Cut lists do not have all values.
    rollups: rollups.filter((rollup) => !('most' in rollupsByName[rollup])),
    columns: [
      { name: 'values', label: 'Values', unit: 'count' },
      { name: 'requests', label: 'Requests', unit: 'count' },
    ],
  };
}

interface ShareList extends Pick<Report, 'name' | 'title' | 'definition'> {
  /** A column of `requests`, or SQL over a row. */
  readonly value: string;
  readonly column: Pick<ReportColumn, 'name' | 'label'>;
  /** The field of the filter that its values belong to. */
  readonly field: string;
  /** SQL: which requests, besides those of the filter. */
  readonly condition?: string;
}

/** A list of the values of one column with their share. It reads rows: few people look at it, and it is read only when it comes into view. */
export function shareList({ name, title, definition, value, column, field, condition }: ShareList): Report {
  return {
    name,
    title,
    definition: `${definition} ${samplingNote}`,
    sql: sql`
      SELECT
        value AS ${column.name},
        round(total) AS requests,
        total / sum(total) OVER () AS share
      FROM (
        SELECT ${value} AS value, ${requestsSum} AS total
        FROM requests
        WHERE ${rowFilter}${condition === undefined ? '' : `\nAND ${condition}`}
        GROUP BY value
      )
      ORDER BY requests DESC, ${column.name}
      LIMIT {limit:UInt32}`,
    rollups: [],
    columns: [
      { ...column, unit: 'text', field },
      { name: 'requests', label: 'Requests', unit: 'count' },
      { name: 'share', label: 'Share', unit: 'ratio' },
    ],
  };
}
