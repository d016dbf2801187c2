import { sql } from '../text/sql-text.ts';
import { type Report, rowFilter } from './report.ts';
import { requestsSum, samplingNote } from './scaled-sums.ts';

export const browsers: Report = {
  name: 'browsers',
  title: 'Browsers',
  definition: `Requests of people (no declared bots) by browser family, from the User-Agent by the rules of uap-core, and their share of people’s requests. ${samplingNote}`,
  sql: sql`
    SELECT
      browser,
      round(total) AS requests,
      total / sum(total) OVER () AS share
    FROM (
      SELECT browser, ${requestsSum} AS total
      FROM requests
      WHERE ${rowFilter}
        AND NOT is_bot
      GROUP BY browser
    )
    ORDER BY requests DESC, browser
    LIMIT {limit:UInt32}`,
  rollups: ['clients'],
  rollupsOfAll: ['agentsOfAll'],
  columns: [
    { name: 'browser', label: 'Browser', unit: 'text', field: 'browser' },
    { name: 'requests', label: 'Requests', unit: 'count' },
    { name: 'share', label: 'Share', unit: 'ratio' },
  ],
};
