import { bytesSum, requestsSum, samplingNote, ttfbQuantiles } from '../reports/scaled-sums.ts';
import { hitRatioNote, isCacheable, isHit } from '../schema/cache-outcome.ts';
import { namedCause } from '../schema/error-taxonomy.ts';
import type { Alert } from './alert.ts';

const minuteMs = 60_000;
const hourMs = 60 * minuteMs;

/** Rollups by minute answer these. */
const inMinutes = `toStartOfMinute(time) >= {from} AND toStartOfMinute(time) < {to}`;
const inRows = `time >= {from} AND time < {to} AND toStartOfHour(time) >= toStartOfHour({from}) AND toStartOfHour(time) < {to}`;
/** Below it, a share or a percentile says nothing. */
const leastRequests = 100;
const allRequests = `(SELECT ${requestsSum} FROM requests WHERE ${inMinutes})`;

/** What an alert has unless it says otherwise. */
export const alertDefaults = {
  description: '',
  everyMs: minuteMs,
  overMs: 5 * minuteMs,
  // Streams deliver within seconds, but logs in S3 within minutes.
  delayMs: 5 * minuteMs,
  forMs: 0,
  keepFiringMs: 5 * minuteMs,
  flapping: { times: 5, withinMs: hourMs },
  severity: 'warning',
  labels: [],
  maxGroups: 20,
  dependsOn: [],
  notify: [],
} as const satisfies Partial<Alert>;

const quarterly = { everyMs: 15 * minuteMs, overMs: 15 * minuteMs };
const byArrival = { everyMs: 5 * minuteMs, overMs: 15 * minuteMs, delayMs: 0 };

/** Alerts that everybody has, without receivers. */
export const starterPack: readonly Alert[] = [
  {
    ...alertDefaults,
    name: 'server-errors',
    description: `Requests answered with a status of 500 or above ÷ all requests, over 5 minutes with at least ${leastRequests} requests. ${samplingNote}`,
    sql: `SELECT sumIf(total, class = 5) AS numerator, sum(total) AS denominator
FROM (
  SELECT intDiv(status, 100) AS class, ${requestsSum} AS total
  FROM requests
  WHERE ${inMinutes}
  GROUP BY class
)`,
    condition: { type: 'ratio', above: 0.05, leastDenominator: leastRequests },
    forMs: 2 * minuteMs,
    severity: 'critical',
    filter: 'status:5xx',
  },
  {
    ...alertDefaults,
    name: 'origin-errors',
    description: `Requests for which CloudFront could not get an answer from the origin, by the cause in x-edge-detailed-result-type, ÷ all requests, over 5 minutes. ${samplingNote}`,
    sql: `WITH ${namedCause} AS logged_cause
SELECT logged_cause AS cause, ${requestsSum} AS numerator, ${allRequests} AS denominator
FROM requests
WHERE ${inRows} AND (logged_cause = 'AbortedOrigin' OR logged_cause LIKE 'Origin%Error')
GROUP BY cause`,
    condition: { type: 'ratio', above: 0.01, leastDenominator: leastRequests },
    forMs: 2 * minuteMs,
    severity: 'critical',
    labels: ['cause'],
    filter: 'error_group:Origin',
  },
  {
    ...alertDefaults,
    ...quarterly,
    name: 'hit-ratio-drop',
    description: `Hit ratio over 15 minutes beside the median of the same time of the last 7 days: lower by a fifth of it, and by 5 points. ${hitRatioNote}`,
    sql: `SELECT if(sumIf(total, is_cacheable) >= ${leastRequests}, sumIf(total, is_cacheable AND is_hit) / sumIf(total, is_cacheable), NULL) AS value
FROM (
  SELECT ${isCacheable} AS is_cacheable, ${isHit} AS is_hit, ${requestsSum} AS total
  FROM requests
  WHERE ${inMinutes}
  GROUP BY is_cacheable, is_hit
)`,
    condition: { type: 'change', days: 7, direction: 'down', relative: 0.2, absolute: 0.05 },
    filter: 'result:Miss',
  },
  {
    ...alertDefaults,
    ...quarterly,
    name: 'slow-first-byte',
    description:
      'The 95th percentile of time-to-first-byte over 15 minutes beside the median of the same time of the last 7 days: twice as long, and 0.2 s longer.',
    sql: `SELECT if(${allRequests} >= ${leastRequests}, ${ttfbQuantiles}[3], NULL) AS value
FROM requests
WHERE ${inMinutes}`,
    condition: { type: 'change', days: 7, direction: 'up', relative: 1, absolute: 0.2 },
    filter: 'ttfb:>1',
  },
  {
    ...alertDefaults,
    name: 'busy-viewer',
    description: `Requests per second of one client address over 5 minutes. Many people can stand behind one address. ${samplingNote}`,
    sql: `SELECT client_ip, ${requestsSum} / dateDiff('second', {from}, {to}) AS value
FROM requests
WHERE ${inRows}
GROUP BY client_ip
ORDER BY value DESC
LIMIT 20`,
    condition: { type: 'threshold', above: 50 },
    everyMs: 5 * minuteMs,
    labels: ['client_ip'],
    filter: '',
  },
  {
    ...alertDefaults,
    ...quarterly,
    name: 'bot-bytes',
    description: `Bytes sent to declared bots over 15 minutes beside the same time of the last 7 days: further from their median than 5 times their usual spread (1.4826 · MAD), and by 1 GB. ${samplingNote}`,
    sql: `SELECT sumIf(sent, is_bot) AS value
FROM (
  SELECT is_bot, ${bytesSum} AS sent
  FROM requests
  WHERE ${inMinutes}
  GROUP BY is_bot
)
HAVING count() > 0`,
    condition: { type: 'anomaly', season: 'day', periods: 7, direction: 'up', score: 5, leastDeviation: 1e9 },
    filter: 'is_bot:true',
  },
  {
    ...alertDefaults,
    ...byArrival,
    name: 'freshness',
    description:
      'A pipeline that has stored lines within the last 7 days has stored none for an hour. By when they were stored: late lines count.',
    sql: `SELECT pipeline, max(stored_at) AS value
FROM ledger
WHERE stored_at >= {to} - toIntervalDay(7) AND stored_at < {to} AND pipeline != ''
GROUP BY pipeline`,
    condition: { type: 'absence', olderThanMs: hourMs, by: 'arrival' },
    severity: 'critical',
    labels: ['pipeline'],
    keepFiringMs: 0,
  },
  {
    ...alertDefaults,
    ...byArrival,
    name: 'rejects',
    description: 'Lines that could not be stored as rows ÷ lines that were received within 15 minutes, by pipeline.',
    sql: `SELECT pipeline, sum(rejected) AS numerator, sum(lines) AS denominator
FROM ledger
WHERE stored_at >= {from} AND stored_at < {to}
GROUP BY pipeline`,
    condition: { type: 'ratio', above: 0.01, leastDenominator: leastRequests },
    labels: ['pipeline'],
  },
  {
    ...alertDefaults,
    ...byArrival,
    name: 'drift',
    description:
      'Lines stopped fitting their layout, or columns changed within an object: events of the last 15 minutes, by their name.',
    sql: `SELECT name, count() AS value
FROM events
WHERE at >= {from} AND at < {to} AND name IN ('layout_drift', 'columns_changed')
GROUP BY name`,
    condition: { type: 'threshold', above: 0 },
    labels: ['name'],
  },
  {
    ...alertDefaults,
    ...byArrival,
    overMs: 24 * hourMs,
    name: 'destination-lag',
    description:
      'Seconds since the oldest batch was closed that a destination has not taken: of a pipeline that it took from within a day, else of any after 2 hours.',
    sql: `WITH positions AS (
  SELECT destination, argMax(position, sequence) AS done, argMax(open, sequence) AS still_open
  FROM destination_positions
  GROUP BY destination
)
SELECT destination, dateDiff('second', min(closed), {to}) AS value
FROM (
  SELECT p.destination AS destination, l.pipeline AS pipeline, l.stored_at AS closed
  FROM ledger AS l
  CROSS JOIN positions AS p
  WHERE (l.batch > p.done OR has(p.still_open, l.batch)) AND l.stored_at >= {to} - toIntervalDay(7) AND l.stored_at < {to}
    AND (p.destination, l.batch) NOT IN (SELECT destination, batch FROM shipments WHERE state != 'failed')
)
WHERE closed < {to} - toIntervalHour(2) OR (destination, pipeline) IN (
  SELECT s.destination, t.pipeline
  FROM shipments AS s
  INNER JOIN ledger AS t ON s.batch = t.batch
  WHERE s.state = 'shipped' AND t.stored_at >= {from}
)
GROUP BY destination`,
    condition: { type: 'threshold', above: 900 },
    labels: ['destination'],
  },
];
