import type { ReportAnswer } from '../data/report-answer.ts';
import { fillParameters } from '../sql/fill-parameters.ts';
import { sqlPageAddress } from '../sql/sql-page-address.ts';

export const rejectsAddress =
  sqlPageAddress(`SELECT reason, count() AS lines, uniq(origin) AS objects, any(line) AS sample
FROM rejects
GROUP BY reason
ORDER BY lines DESC
LIMIT 50`);

/** The lines that the report `completeness` counts: its own condition on the objects, over their rejected lines. */
export function rejectsInRangeAddress({ sql, parameters, filterValues }: ReportAnswer): string {
  const lost = sql.indexOf('FROM ledger');
  const condition = sql.slice(lost, sql.lastIndexOf(') AS lost')).trimEnd();
  const rejects = `SELECT reason, count() AS lines, uniq(origin) AS objects, any(origin) AS example, any(line) AS sample
FROM rejects
WHERE (batch, origin) IN (
  SELECT batch, origin
  ${condition}
)
GROUP BY reason
ORDER BY lines DESC
LIMIT 50`;
  return sqlPageAddress(fillParameters(rejects, { ...parameters, ...filterValues }));
}

export const futureAddress = sqlPageAddress(`SELECT time, source_format, host, path, status, object, line_number
FROM requests
WHERE toStartOfMinute(time) > now('UTC')
ORDER BY time DESC
LIMIT 200`);

export const ledgerAddress =
  sqlPageAddress(`SELECT origin, lines, rows, rejected, comments, excluded, lines = rows + rejected + comments + excluded AS balanced, stored_at
FROM ledger
ORDER BY stored_at DESC, origin
LIMIT 200`);
