/** Widely used queries on these logs, as published in articles. */
export const classicQueries = [
  {
    name: 'bots by address',
    sql: "SELECT COUNT(*) AS ct, requestip, location FROM cf_logs WHERE isbot='True' GROUP BY requestip, location ORDER BY ct DESC",
  },
  {
    name: 'bytes by location',
    sql: 'SELECT distribution, location, SUM(bytes) as totalBytes FROM cf_logs GROUP BY location, distribution',
  },
  {
    name: 'requests by address',
    sql: 'SELECT requestip, COUNT(*) AS ct FROM cf_logs GROUP BY requestip ORDER BY ct DESC',
  },
] as const;

export function median(values: readonly number[]): number {
  const sorted = values.toSorted((a, b) => a - b);
  const middle = sorted.length >> 1;
  const upper = sorted[middle];
  if (upper === undefined) throw new Error('BUG: the median of nothing');
  return sorted.length % 2 === 1 ? upper : (upper + (sorted[middle - 1] ?? upper)) / 2;
}
