import { sql } from '../text/sql-text.ts';
import { type Report, timeFilter } from './report.ts';
import { requestsSum, samplingNote, timeBucket } from './scaled-sums.ts';

export const statusClasses: Report = {
  name: 'status-classes',
  title: 'Status classes',
  definition: `Requests per bucket by the first digit of sc-status. 000: the viewer left before any answer. ${samplingNote}`,
  sql: sql`
    SELECT
      ${timeBucket} AS bucket,
      if(status = 0, '000', concat(toString(intDiv(status, 100)), 'xx')) AS class,
      round(${requestsSum}) AS requests
    FROM requests
    WHERE ${timeFilter}
    GROUP BY bucket, class
    ORDER BY bucket, class`,
  rollups: ['outcomes'],
  rollupsOfAll: ['outcomesOfAll'],
  columns: [
    { name: 'bucket', label: 'Time', unit: 'time' },
    { name: 'class', label: 'Class', unit: 'text', field: 'status' },
    { name: 'requests', label: 'Requests', unit: 'count' },
  ],
};
