import { sql } from '../text/sql-text.ts';
import { type Report, timeFilter } from './report.ts';
import { requestsSum, samplingNote, timeBucket } from './scaled-sums.ts';

export const requestsByResult: Report = {
  name: 'requests-by-result',
  title: 'Requests by result',
  definition: `Requests per bucket by x-edge-result-type, which says what happened by the last byte. Error also counts viewers who left in the middle of a download. The time is the end of the response. ${samplingNote}`,
  sql: sql`
    SELECT
      ${timeBucket} AS bucket,
      result,
      round(${requestsSum}) AS requests
    FROM requests
    WHERE ${timeFilter}
    GROUP BY bucket, result
    ORDER BY bucket, result`,
  rollups: ['outcomes'],
  rollupsOfAll: ['outcomesOfAll'],
  columns: [
    { name: 'bucket', label: 'Time', unit: 'time' },
    { name: 'result', label: 'Result', unit: 'text', field: 'result' },
    { name: 'requests', label: 'Requests', unit: 'count' },
  ],
};
