import { sqlPageAddress } from '../sql/sql-page-address.ts';

/** Which pipeline's books, and since when: its counts start with the process. */
interface Scope {
  readonly since: string;
  readonly pipeline: string;
}

/** The row `all` has the pipeline's totals. */
export function ledgerAddress(scope: Scope): string {
  return sqlPageAddress(`SELECT
  if(grouping(origin) = 1, 'all', origin) AS object, count() AS deliveries,
  sum(lines) AS lines, sum(rows) AS rows, sum(rejected) AS rejected, sum(comments) AS comments,
  sum(excluded) AS excluded,
  lines = rows + rejected + comments + excluded AS balanced, max(stored_at) AS last_stored
FROM ledger
WHERE pipeline = ${literal(scope.pipeline)} AND stored_at >= ${literal(scope.since.slice(0, 19))}
GROUP BY ROLLUP(origin)
ORDER BY grouping(origin) DESC, last_stored DESC
LIMIT 200`);
}

export function rejectsAddress(scope: Scope): string {
  return sqlPageAddress(`SELECT reason, count() AS lines, uniq(origin) AS objects, any(origin) AS example, any(line) AS sample
FROM rejects
WHERE ${ofBatches('at', scope)}
GROUP BY reason
ORDER BY lines DESC
LIMIT 50`);
}

export function eventsAddress(scope: Scope): string {
  return sqlPageAddress(`SELECT at, name, origin, detail
FROM events
WHERE ${ofBatches('at', scope)}
ORDER BY at DESC
LIMIT 200`);
}

export const allEventsAddress = sqlPageAddress(`SELECT at, name, origin, detail
FROM events
ORDER BY at DESC
LIMIT 200`);

/** The files of the lake, by day; the row `all` has their sum. */
export function lakeAddress(lake: string): string {
  return sqlPageAddress(`SELECT
  table_name, if(grouping(toDate(start)) = 1, 'all', toString(toDate(start))) AS day, count() AS hours,
  sum(rows) AS rows, sum(files) AS files, sum(bytes) AS bytes, countIf(NOT is_done) AS unfinished, max(written_at) AS last_written
FROM lake_hours FINAL
WHERE lake = ${literal(lake)} AND (lake_hours.files > 0 OR NOT is_done)
GROUP BY GROUPING SETS ((table_name, toDate(start)), (table_name))
ORDER BY grouping(toDate(start)) DESC, day DESC, table_name
LIMIT 200`);
}

/** The row `all` has the total of the table. */
export function deletionsAddress(table: string): string {
  return sqlPageAddress(`SELECT
  if(grouping(partition) = 1, 'all', partition) AS day, sum(rows) AS rows, sum(bytes) AS bytes,
  groupUniqArray(rule) AS rules, max(at) AS last_deleted
FROM deletions FINAL
WHERE table_name = ${literal(table)} AND state = 'deleted'
GROUP BY ROLLUP(partition)
ORDER BY grouping(partition) DESC, day DESC
LIMIT 200`);
}

/** Rows of the table before a time, by day: what retention deletes next, or keeps for a destination. */
export function expiringAddress(table: 'requests' | 'logs' | 'rejects', beforeMs: number): string {
  const column = table === 'rejects' ? 'at' : 'time';
  return sqlPageAddress(`SELECT toDate(${column}) AS day, count() AS rows
FROM ${table}
WHERE ${column} < fromUnixTimestamp64Milli(${beforeMs})
GROUP BY day
ORDER BY day
LIMIT 200`);
}

function ofBatches(column: string, { since, pipeline }: Scope): string {
  return `${column} >= ${literal(since.slice(0, 19))}
  AND batch IN (SELECT batch FROM ledger WHERE pipeline = ${literal(pipeline)})`;
}

function literal(text: string): string {
  return `'${text.replaceAll('\\', '\\\\').replaceAll("'", "\\'")}'`;
}
