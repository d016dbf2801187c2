import { sql } from '../text/sql-text.ts';
import { type Report, rowFilter } from './report.ts';
import { requestsSum, samplingNote, viewersCount } from './scaled-sums.ts';

export const missingPaths: Report = {
  name: 'missing-paths',
  title: 'Not found',
  definition: `Paths by requests that were answered with 404, and the different client addresses that asked for them: links that lead nowhere have many, scanners few. ${samplingNote}`,
  sql: sql`
    SELECT
      path,
      round(${requestsSum}) AS requests,
      ${viewersCount} AS viewers,
      max(time) AS last_time
    FROM requests
    WHERE ${rowFilter}
      AND status = 404
    GROUP BY path
    ORDER BY requests DESC, path
    LIMIT {limit:UInt32}`,
  // No rollup tells paths by status.
  rollups: [],
  columns: [
    { name: 'path', label: 'Path', unit: 'text', field: 'path' },
    { name: 'requests', label: 'Requests', unit: 'count' },
    { name: 'viewers', label: 'Viewers', unit: 'count' },
    { name: 'last_time', label: 'Last seen', unit: 'time' },
  ],
};
