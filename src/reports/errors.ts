import { errorGroup, isError, namedCause, shownCause } from '../schema/error-taxonomy.ts';
import { sql } from '../text/sql-text.ts';
import { type Report, rowFilter } from './report.ts';
import { requestsSum, samplingNote } from './scaled-sums.ts';

export const errors: Report = {
  name: 'errors',
  title: 'Errors by cause',
  definition: `Requests that ended in an error, by who has to act and the cause in x-edge-detailed-result-type (x-edge-result-type in older logs).
Viewer left: the viewer or its link, also status 000 and downloads that broke off after a good start; not a fault of the site. Bad request: what the viewer sent was no valid request. Policy: blocked or over a quota. Origin: CloudFront could not get an answer from it. CDN: CloudFront’s capacity or edge code. Passed through: a 4xx or 5xx of the origin itself, or one repeated from the error cache, which the logs do not tell apart. ${samplingNote}`,
  sql: sql`
    WITH ${namedCause} AS logged_cause
    SELECT
      ${errorGroup} AS group,
      ${shownCause} AS cause,
      round(${requestsSum}) AS requests,
      min(time) AS first_time,
      max(time) AS last_time
    FROM requests
    WHERE ${rowFilter}
      AND ${isError}
      -- A firewall's rows and a TLS listener's have no status, and are no errors for it.
      AND NOT (status = 0 AND source_format IN ('waf', 'nlb'))
    GROUP BY group, cause
    ORDER BY requests DESC, group, cause
    LIMIT {limit:UInt32}`,
  rollups: ['errors'],
  rollupsOfAll: ['errorsOfAll'],
  columns: [
    { name: 'group', label: 'Who', unit: 'text', field: 'error_group' },
    { name: 'cause', label: 'Cause', unit: 'text', field: 'cause' },
    { name: 'requests', label: 'Requests', unit: 'count' },
    { name: 'first_time', label: 'First seen', unit: 'time' },
    { name: 'last_time', label: 'Last seen', unit: 'time' },
  ],
};
