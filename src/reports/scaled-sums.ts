import { isCacheable, isHit } from '../schema/cache-outcome.ts';
import { isLate } from '../schema/lateness.ts';

/**
 * The measures of the reports; the rollups by minute contain all but {@link viewersCount}. The engine answers a report
 * from a rollup only if the text of an aggregate is identical in both, so every report uses these; conditions go into
 * the grouping (`GROUP BY is_hit`), never into the aggregate (`sumIf`).
 */

/** Requests, scaled by the sampling rate: a log sampled at 10 % counts each line ten times. */
export const requestsSum = 'sum(100 / sampling_rate)';

/** Bytes sent to viewers, headers included; scaled like {@link requestsSum}. */
export const bytesSum = 'sum(bytes_sent * 100 / sampling_rate)';

/** Requests answered with an error, scaled like {@link requestsSum}. */
export const errorsSum = 'sumIf(100 / sampling_rate, status >= 400)';

/** Requests that the cache could have answered, and those that it answered. */
export const cacheableSum = `sumIf(100 / sampling_rate, ${isCacheable})`;
export const hitsSum = `sumIf(100 / sampling_rate, ${isCacheable} AND ${isHit})`;

/**
 * Percentiles 50, 90, 95 and 99 of the time to first byte, seconds, as an array; a sketch with an error of about 1 %.
 * Its rollup has only the time, the distribution and the result: with any other column, the query reads rows.
 */
export const ttfbQuantiles = 'quantilesTDigest(0.5, 0.9, 0.95, 0.99)(ttfb)';

/** Distinct client addresses, to about 1 %; not in the rollup, so it reads rows. */
export const viewersCount = 'uniqCombined(client_ip)';

/** Rows, not scaled: all, those that came late, and those of sampled logs. */
export const storedCount = 'count()';
export const lateCount = `countIf(${isLate})`;
export const sampledCount = 'countIf(sampling_rate < 100)';

/** Start of the time bucket of a request. */
export const timeBucket = 'toStartOfInterval(toStartOfMinute(time), toIntervalSecond({step:UInt32}))';

/** How counts are scaled, for definitions. */
export const samplingNote = 'Sampled logs are scaled by 100 ÷ sampling rate.';
