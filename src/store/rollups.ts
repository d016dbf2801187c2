/**
 * Identity of the rows of a period: their number, and the sum of the hashes of their identities. It does not depend on
 * their order, parts and merges; and rows do not change, so that equal identities mean equal rows.
 */
export const contentsOfHour = {
  hour: 'toStartOfHour(time)',
  rows: 'count()',
  fingerprint: 'sum(cityHash64(batch, object, line_number))',
};

/**
 * Aggregate projections of `requests`: stored per part with the rows they aggregate, so that they always agree with
 * them, and chosen by the engine itself, also for users' SQL.
 */
export const rollups: readonly { readonly name: string; readonly sql: string }[] = [
  {
    name: 'by_minute',
    sql: `
      SELECT
        toStartOfMinute(time), distribution, host, method, status, result, response_result, is_bot,
        count(), sum(100 / sampling_rate), sum(bytes_sent), sum(bytes_sent * 100 / sampling_rate), min(time), max(time)
      GROUP BY toStartOfMinute(time), distribution, host, method, status, result, response_result, is_bot`,
  },
  {
    // Separate, with few columns: in small groups the state of a percentile is as large as its samples.
    name: 'ttfb_by_minute',
    sql: `
      SELECT toStartOfMinute(time), distribution, result, quantilesTDigest(0.5, 0.9, 0.95, 0.99)(ttfb)
      GROUP BY toStartOfMinute(time), distribution, result`,
  },
  {
    name: 'by_viewer',
    sql: `
      SELECT client_ip, edge_location, distribution, is_bot, count(), sum(bytes_sent)
      GROUP BY client_ip, edge_location, distribution, is_bot`,
  },
  {
    // Tells which blocks of the tables of rollups still hold.
    name: 'contents',
    sql: `SELECT ${Object.values(contentsOfHour).join(', ')} GROUP BY ${contentsOfHour.hour}`,
  },
];
