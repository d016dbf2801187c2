/** Statements to start with. The `cf_logs` ones are from widely read articles about Athena. */
export const exampleQuestions: readonly { readonly name: string; readonly sql: string }[] = [
  {
    name: 'Paths by requests',
    sql: `SELECT path, count() AS requests, sum(bytes_sent) AS bytes
FROM requests
GROUP BY path
ORDER BY requests DESC
LIMIT 20`,
  },
  {
    name: 'Slowest paths',
    sql: `SELECT path, count() AS requests, quantile(0.95)(ttfb) AS p95, max(ttfb) AS longest
FROM requests
WHERE result = 'Miss'
GROUP BY path
HAVING requests >= 10
ORDER BY p95 DESC
LIMIT 20`,
  },
  {
    name: 'A parameter of the query string',
    sql: `SELECT params['ref'] AS ref, count() AS requests
FROM requests
WHERE ref != ''
GROUP BY ref
ORDER BY requests DESC
LIMIT 20`,
  },
  {
    name: 'Bots by address',
    sql: `SELECT COUNT(*) AS ct, requestip, location
FROM cf_logs
WHERE isbot = 'True'
GROUP BY requestip, location
ORDER BY ct DESC
LIMIT 100`,
  },
  {
    name: 'Bytes by distribution',
    sql: `SELECT distribution, location, SUM(bytes) AS totalBytes
FROM cf_logs
GROUP BY location, distribution
ORDER BY totalBytes DESC
LIMIT 100`,
  },
  {
    name: 'The books',
    sql: `SELECT sum(lines) AS lines, sum(rows) AS rows, sum(rejected) AS rejected, sum(comments) AS comments,
  sum(excluded) AS excluded,
  lines = rows + rejected + comments + excluded AS balanced
FROM ledger`,
  },
  { name: 'Columns', sql: 'DESCRIBE requests' },
];
