import { isHit } from '../schema/cache-outcome.ts';
import { sql } from '../text/sql-text.ts';
import { type Report, timeFilter } from './report.ts';
import { timeBucket, ttfbQuantiles } from './scaled-sums.ts';

export const ttfb: Report = {
  name: 'ttfb',
  title: 'Time to first byte',
  definition:
    'Percentiles of time-to-first-byte: from the request’s arrival at the edge until the first byte was written there, so without the viewer’s network. p95 also apart for hits (Hit, RefreshHit) and misses (Miss), because a change of the hit ratio alone moves the percentiles of all. Estimated with a t-digest to about 1 %. Logs without the field (before 2019) show nothing.',
  sql: sql`
    WITH anyIf(percentiles, outcome = '') AS of_all
    SELECT
      bucket,
      of_all[1] AS p50,
      of_all[2] AS p90,
      of_all[3] AS p95,
      of_all[4] AS p99,
      anyOrNullIf(percentiles[3], outcome = 'hit') AS p95_hit,
      anyOrNullIf(percentiles[3], outcome = 'miss') AS p95_miss
    FROM (
      SELECT
        ${timeBucket} AS bucket,
        multiIf(${isHit}, 'hit', result = 'Miss', 'miss', 'other') AS outcome,
        ${ttfbQuantiles} AS percentiles
      FROM requests
      WHERE ${timeFilter}
      GROUP BY ROLLUP(bucket, outcome) -- adds each bucket's total with the outcome '', and a grand total at 1970
    )
    WHERE bucket > toDateTime(0, 'UTC')
    GROUP BY bucket
    ORDER BY bucket`,
  rollups: ['ttfb'],
  rollupsOfAll: ['ttfbOfAll'],
  columns: [
    { name: 'bucket', label: 'Time', unit: 'time' },
    { name: 'p50', label: 'p50', unit: 'seconds' },
    { name: 'p90', label: 'p90', unit: 'seconds' },
    { name: 'p95', label: 'p95', unit: 'seconds' },
    { name: 'p99', label: 'p99', unit: 'seconds' },
    { name: 'p95_hit', label: 'p95 of hits', unit: 'seconds' },
    { name: 'p95_miss', label: 'p95 of misses', unit: 'seconds' },
  ],
};
