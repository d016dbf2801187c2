import { hitRatioNote, isCacheable, isHit } from './cache-outcome.ts';
import { type Report, rowFilter } from './report.ts';
import { bytesSum, errorsSum, requestsSum, samplingNote } from './scaled-sums.ts';
import { sql } from './sql-text.ts';

export const topPaths: Report = {
  name: 'top-paths',
  title: 'Top paths',
  definition: `Paths (cs-uri-stem, decoded, without the query) by requests. ${hitRatioNote} Errors: share of requests with sc-status 400 and above. ${samplingNote}`,
  sql: sql`
    WITH
      ${isCacheable} AS is_cacheable,
      ${isHit} AS is_hit
    SELECT
      path,
      round(${requestsSum}) AS requests,
      round(${bytesSum}) AS bytes,
      sumIf(100 / sampling_rate, is_cacheable AND is_hit) / sumIf(100 / sampling_rate, is_cacheable) AS hit_ratio,
      ${errorsSum} / ${requestsSum} AS error_share
    FROM requests
    WHERE ${rowFilter}
    GROUP BY path
    ORDER BY requests DESC, path
    LIMIT {limit:UInt32}`,
  rollups: [],
  columns: [
    { name: 'path', label: 'Path', unit: 'text' },
    { name: 'requests', label: 'Requests', unit: 'count' },
    { name: 'bytes', label: 'Bytes', unit: 'bytes' },
    { name: 'hit_ratio', label: 'Hit ratio', unit: 'ratio' },
    { name: 'error_share', label: 'Errors', unit: 'ratio' },
  ],
};
