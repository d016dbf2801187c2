import { sql } from '../text/sql-text.ts';
import { type Report, timeFilter } from './report.ts';
import { requestsSum, samplingNote } from './scaled-sums.ts';

export const statusCodes: Report = {
  name: 'status-codes',
  title: 'Status codes',
  definition: `Requests by sc-status, and their share of all requests in the range. 0 is CloudFront’s 000: the viewer left before any answer. ${samplingNote}`,
  sql: sql`
    SELECT
      toString(code) AS status,
      round(total) AS requests,
      total / sum(total) OVER () AS share
    FROM (
      SELECT status AS code, ${requestsSum} AS total
      FROM requests
      WHERE ${timeFilter}
      GROUP BY code
    )
    ORDER BY requests DESC, code
    LIMIT {limit:UInt32}`,
  rollups: ['outcomes'],
  rollupsOfAll: ['outcomesOfAll'],
  columns: [
    { name: 'status', label: 'Status', unit: 'text', field: 'status' },
    { name: 'requests', label: 'Requests', unit: 'count' },
    { name: 'share', label: 'Share', unit: 'ratio' },
  ],
};
