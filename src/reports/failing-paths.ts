import { namedCause, shownCause } from '../schema/error-taxonomy.ts';
import { sql } from '../text/sql-text.ts';
import { type Report, rowFilter } from './report.ts';
import { requestsSum, samplingNote } from './scaled-sums.ts';

export const failingPaths: Report = {
  name: 'failing-paths',
  title: 'Failing paths',
  definition: `Paths with sc-status 400 and above, by status and by the cause in x-edge-detailed-result-type. Later half: the share of these requests that came in the later half of the range. 50 % is steady; towards 100 % it grows, or is new. ${samplingNote}`,
  sql: sql`
    WITH ${namedCause} AS logged_cause
    SELECT
      path,
      toString(code) AS status,
      why AS cause,
      round(total) AS requests,
      first_time,
      later / total AS later_half
    FROM (
      SELECT
        path,
        status AS code,
        ${shownCause} AS why,
        ${requestsSum} AS total,
        sumIf(100 / sampling_rate, time >= {from:DateTime('UTC')} + intDiv(dateDiff('second', {from:DateTime('UTC')}, {to:DateTime('UTC')}), 2)) AS later,
        min(time) AS first_time
      FROM requests
      WHERE ${rowFilter}
        AND status >= 400
      GROUP BY path, code, why
    )
    ORDER BY requests DESC, path, status, cause
    LIMIT {limit:UInt32}`,
  // No rollup tells paths by status.
  rollups: [],
  columns: [
    { name: 'path', label: 'Path', unit: 'text', field: 'path' },
    { name: 'status', label: 'Status', unit: 'text', field: 'status' },
    { name: 'cause', label: 'Cause', unit: 'text', field: 'cause' },
    { name: 'requests', label: 'Requests', unit: 'count' },
    { name: 'first_time', label: 'First seen', unit: 'time' },
    { name: 'later_half', label: 'Later half', unit: 'ratio' },
  ],
};
