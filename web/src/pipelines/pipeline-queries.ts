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

function ofBatches(column: string, { since, pipeline }: Scope): string {
  return `${column} >= ${literal(since.slice(0, 19))}
  AND batch IN (SELECT batch FROM ledger WHERE pipeline = ${literal(pipeline)})`;
}

function literal(text: string): string {
  return `'${text.replaceAll('\\', '\\\\').replaceAll("'", "\\'")}'`;
}
