import { hitRatioNote } from '../schema/cache-outcome.ts';
import { sql } from '../text/sql-text.ts';
import { type Report, rowFilter } from './report.ts';
import { bytesSum, cacheableSum, errorsSum, hitsSum, requestsSum, samplingNote } from './scaled-sums.ts';

export const topPaths: Report = {
  name: 'top-paths',
  title: 'Top paths',
  definition: `Paths (cs-uri-stem, decoded, without the query) by requests. ${hitRatioNote} Errors: share of requests with sc-status 400 and above. ${samplingNote}`,
  sql: sql`
    SELECT
      path,
      round(${requestsSum}) AS requests,
      round(${bytesSum}) AS bytes,
      ${hitsSum} / ${cacheableSum} AS hit_ratio,
      ${errorsSum} / ${requestsSum} AS error_share
    FROM requests
    WHERE ${rowFilter}
    GROUP BY path
    ORDER BY requests DESC, path
    LIMIT {limit:UInt32}`,
  rollups: ['paths'],
  columns: [
    { name: 'path', label: 'Path', unit: 'text', field: 'path' },
    { name: 'requests', label: 'Requests', unit: 'count' },
    { name: 'bytes', label: 'Bytes', unit: 'bytes' },
    { name: 'hit_ratio', label: 'Hit ratio', unit: 'ratio' },
    { name: 'error_share', label: 'Errors', unit: 'ratio' },
  ],
};
