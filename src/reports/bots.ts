import { sql } from '../text/sql-text.ts';
import { type Report, timeFilter } from './report.ts';
import { requestsSum, samplingNote, timeBucket } from './scaled-sums.ts';

export const bots: Report = {
  name: 'bots',
  title: 'Bots and people',
  definition: `Requests per bucket by whether the User-Agent declares a crawler, tool or library. A bot that poses as a browser counts among the people. ${samplingNote}`,
  sql: sql`
    SELECT
      bucket,
      round(sumIf(total, NOT is_bot)) AS people,
      round(sumIf(total, is_bot)) AS bots
    FROM (
      SELECT ${timeBucket} AS bucket, is_bot, ${requestsSum} AS total
      FROM requests
      WHERE ${timeFilter}
      GROUP BY bucket, is_bot
    )
    GROUP BY bucket
    ORDER BY bucket`,
  rollups: ['outcomes'],
  rollupsOfAll: ['outcomesOfAll'],
  columns: [
    { name: 'bucket', label: 'Time', unit: 'time' },
    { name: 'people', label: 'People', unit: 'count', part: 'is_bot:false' },
    { name: 'bots', label: 'Bots', unit: 'count', part: 'is_bot:true' },
  ],
};
