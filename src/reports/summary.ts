import { hitRatioNote, isCacheable, isHit } from '../schema/cache-outcome.ts';
import { sql } from '../text/sql-text.ts';
import { doubleRowFilter, doubleTimeFilter, previousFrom, type Report } from './report.ts';
import { bytesSum, requestsSum, samplingNote, ttfbQuantiles, viewersCount } from './scaled-sums.ts';

export const summary: Report = {
  name: 'summary',
  title: 'Summary',
  definition: `Totals of the range, each beside the period of equal length before it. ${samplingNote} ${hitRatioNote} The 4xx and 5xx shares are of all requests by sc-status. TTFB p95 is over all requests that log time-to-first-byte. Unique viewers are different client addresses, estimated to about 1 %, and a lower bound for sampled logs.`,
  sql: sql`
    WITH ${previousFrom} AS previous_from
    SELECT
      round(counts.requests) AS requests,
      round(counts.previous_requests) AS previous_requests,
      round(counts.bytes) AS bytes,
      round(counts.previous_bytes) AS previous_bytes,
      counts.hit_ratio AS hit_ratio,
      counts.previous_hit_ratio AS previous_hit_ratio,
      counts.share_4xx AS share_4xx,
      counts.previous_share_4xx AS previous_share_4xx,
      counts.share_5xx AS share_5xx,
      counts.previous_share_5xx AS previous_share_5xx,
      waiting.p95 AS ttfb_p95,
      waiting.previous_p95 AS previous_ttfb_p95,
      viewers.addresses AS viewers,
      viewers.previous_addresses AS previous_viewers,
      counts.first_time AS first_time,
      counts.last_time AS last_time
    FROM (
      SELECT
        sumIf(total, is_now) AS requests,
        sumIf(total, NOT is_now) AS previous_requests,
        sumIf(sent, is_now) AS bytes,
        sumIf(sent, NOT is_now) AS previous_bytes,
        sumIf(total, is_now AND is_cacheable AND is_hit) / sumIf(total, is_now AND is_cacheable) AS hit_ratio,
        sumIf(total, NOT is_now AND is_cacheable AND is_hit) / sumIf(total, NOT is_now AND is_cacheable) AS previous_hit_ratio,
        sumIf(total, is_now AND class = 4) / requests AS share_4xx,
        sumIf(total, NOT is_now AND class = 4) / previous_requests AS previous_share_4xx,
        sumIf(total, is_now AND class = 5) / requests AS share_5xx,
        sumIf(total, NOT is_now AND class = 5) / previous_requests AS previous_share_5xx,
        minOrNullIf(first, is_now) AS first_time,
        maxOrNullIf(last, is_now) AS last_time
      FROM (
        SELECT
          toStartOfMinute(time) >= {from:DateTime('UTC')} AS is_now,
          ${isCacheable} AS is_cacheable,
          ${isHit} AS is_hit,
          intDiv(status, 100) AS class,
          ${requestsSum} AS total,
          ${bytesSum} AS sent,
          min(time) AS first,
          max(time) AS last
        FROM requests
        WHERE ${doubleTimeFilter}
        GROUP BY is_now, is_cacheable, is_hit, class
      )
    ) AS counts
    CROSS JOIN (
      SELECT anyOrNullIf(percentiles[3], is_now) AS p95, anyOrNullIf(percentiles[3], NOT is_now) AS previous_p95
      FROM (
        SELECT toStartOfMinute(time) >= {from:DateTime('UTC')} AS is_now, ${ttfbQuantiles} AS percentiles
        FROM requests
        WHERE ${doubleTimeFilter}
        GROUP BY is_now
      )
    ) AS waiting
    CROSS JOIN (
      SELECT sumIf(different, is_now) AS addresses, sumIf(different, NOT is_now) AS previous_addresses
      FROM (
        SELECT toStartOfMinute(time) >= {from:DateTime('UTC')} AS is_now, ${viewersCount} AS different
        FROM requests
        WHERE ${doubleRowFilter}
        GROUP BY is_now
      )
    ) AS viewers`,
  rollups: ['outcomes', 'ttfb', 'viewers'],
  rollupsOfAll: ['outcomesOfAll', 'ttfbOfAll', 'viewersOfAll'],
  columns: [
    { name: 'requests', label: 'Requests', unit: 'count' },
    { name: 'previous_requests', label: 'Requests before', unit: 'count' },
    { name: 'bytes', label: 'Bytes sent', unit: 'bytes' },
    { name: 'previous_bytes', label: 'Bytes sent before', unit: 'bytes' },
    { name: 'hit_ratio', label: 'Hit ratio', unit: 'ratio' },
    { name: 'previous_hit_ratio', label: 'Hit ratio before', unit: 'ratio' },
    { name: 'share_4xx', label: '4xx share', unit: 'ratio' },
    { name: 'previous_share_4xx', label: '4xx share before', unit: 'ratio' },
    { name: 'share_5xx', label: '5xx share', unit: 'ratio' },
    { name: 'previous_share_5xx', label: '5xx share before', unit: 'ratio' },
    { name: 'ttfb_p95', label: 'TTFB p95', unit: 'seconds' },
    { name: 'previous_ttfb_p95', label: 'TTFB p95 before', unit: 'seconds' },
    { name: 'viewers', label: 'Unique viewers', unit: 'count' },
    { name: 'previous_viewers', label: 'Unique viewers before', unit: 'count' },
    { name: 'first_time', label: 'First event', unit: 'time' },
    { name: 'last_time', label: 'Last event', unit: 'time' },
  ],
};
