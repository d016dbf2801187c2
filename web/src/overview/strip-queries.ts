import type { ReportParameters } from '../data/report-answer.ts';
import { fillParameters } from '../sql/fill-parameters.ts';
import { sqlPageAddress } from '../sql/sql-page-address.ts';

export const rejectsAddress =
  sqlPageAddress(`SELECT reason, count() AS lines, uniq(origin) AS objects, any(line) AS sample
FROM rejects
GROUP BY reason
ORDER BY lines DESC
LIMIT 50`);

/** The lines that the report `completeness` counts. */
export function rejectsInRangeAddress(parameters: ReportParameters): string {
  const sql = `SELECT reason, count() AS lines, uniq(origin) AS objects, any(origin) AS example, any(line) AS sample
FROM rejects
WHERE (batch, origin) IN (
  SELECT batch, origin
  FROM ledger
  WHERE rejected > 0
    AND ifNull(first_time, stored_at) < {to:DateTime('UTC')} AND ifNull(last_time, stored_at) >= {from:DateTime('UTC')}
    AND (
      {distribution:String} = '' AND {host:String} = ''
      OR (batch, object) IN (
        SELECT batch, object
        FROM requests
        WHERE time >= {from:DateTime('UTC')} AND time < {to:DateTime('UTC')}
          AND ({distribution:String} = '' OR distribution = {distribution:String})
          AND ({host:String} = '' OR host = {host:String})
      )
    )
)
GROUP BY reason
ORDER BY lines DESC
LIMIT 50`;
  return sqlPageAddress(fillParameters(sql, parameters));
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
