import { isCacheable, isHit } from '../schema/cache-outcome.ts';
import { sql } from '../text/sql-text.ts';
import { type Report, timeFilter } from './report.ts';
import { bytesSum, requestsSum, samplingNote, timeBucket } from './scaled-sums.ts';

export const hitRatio: Report = {
  name: 'hit-ratio',
  title: 'Hit ratio',
  definition: `Five definitions that are in use; they differ by many points, so compare like with like.
Cacheable (like CloudWatch CacheHitRate): Hit and RefreshHit ÷ GET and HEAD requests answered with Hit, RefreshHit or Miss and a status below 400. AWS does not say whether a RefreshHit is a hit; here it is one.
Console (cache statistics page): x-edge-response-result-type Hit ÷ all requests; a RefreshHit does not count. Needs that field (logs since 2014).
All: Hit and RefreshHit ÷ all requests, errors and POST included.
Bytes: sc-bytes of Hit and RefreshHit ÷ all sc-bytes.
Origin offload: 1 − sc-bytes of Miss ÷ all sc-bytes; the nearest that the logs come to what the origin did not send.
${samplingNote}`,
  sql: sql`
    SELECT
      bucket,
      sumIf(total, is_cacheable AND is_hit) / sumIf(total, is_cacheable) AS cacheable,
      sumIf(total, first_byte = 'Hit') / sumIf(total, first_byte != '') AS console,
      sumIf(total, is_hit) / sum(total) AS all,
      sumIf(sent, is_hit) / sum(sent) AS bytes,
      1 - sumIf(sent, is_miss) / sum(sent) AS origin_offload
    FROM (
      SELECT
        ${timeBucket} AS bucket,
        ${isCacheable} AS is_cacheable,
        ${isHit} AS is_hit,
        result = 'Miss' AS is_miss,
        response_result AS first_byte,
        ${requestsSum} AS total,
        ${bytesSum} AS sent
      FROM requests
      WHERE ${timeFilter}
      GROUP BY bucket, is_cacheable, is_hit, is_miss, first_byte
    )
    GROUP BY bucket
    ORDER BY bucket`,
  rollups: ['outcomes'],
  rollupsOfAll: ['outcomesOfAll'],
  columns: [
    { name: 'bucket', label: 'Time', unit: 'time' },
    { name: 'cacheable', label: 'Cacheable', unit: 'ratio' },
    { name: 'console', label: 'Console', unit: 'ratio' },
    { name: 'all', label: 'All', unit: 'ratio' },
    { name: 'bytes', label: 'Bytes', unit: 'ratio' },
    { name: 'origin_offload', label: 'Origin offload', unit: 'ratio' },
  ],
};
