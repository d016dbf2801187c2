/**
 * The measures of the reports; the rollups by minute hold all but {@link viewersCount}. The engine answers a report
 * from a rollup only where the text of an aggregate is the same in both, so every report takes these and none writes
 * its own; conditions go into the grouping (`GROUP BY is_hit`), never into the aggregate (`sumIf`).
 */

/** Requests: a log that was sampled at 10 per cent counts each line ten times. */
export const requestsSum = 'sum(100 / sampling_rate)';

/** Bytes sent to viewers, headers included; scaled like {@link requestsSum}. */
export const bytesSum = 'sum(bytes_sent * 100 / sampling_rate)';

/**
 * Percentiles 50, 90, 95 and 99 of the time to first byte, seconds, as an array; a sketch, so about 1 % rough.
 * Its rollup knows the time, the distribution and the result only: other columns beside it make it read rows.
 */
export const ttfbQuantiles = 'quantilesTDigest(0.5, 0.9, 0.95, 0.99)(ttfb)';

/** Different client addresses, to about 1 %; not in the rollup, so it reads rows. */
export const viewersCount = 'uniqCombined(client_ip)';

/** Start of the bucket that a request belongs to. */
export const timeBucket = 'toStartOfInterval(toStartOfMinute(time), toIntervalSecond({step:UInt32}))';

/** For definitions: how counts are meant. */
export const samplingNote = 'Sampled logs are scaled by 100 ÷ sampling rate.';
