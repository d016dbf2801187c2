import { sql } from '../text/sql-text.ts';
import { type Report, rowFilter } from './report.ts';
import { bytesSum, errorsSum, requestsSum, samplingNote } from './scaled-sums.ts';

export const hosts: Report = {
  name: 'hosts',
  title: 'Hosts',
  definition: `Requests by the Host that the viewer asked for. Errors: share of requests with sc-status 400 and above. ${samplingNote}`,
  sql: sql`
    SELECT
      host,
      round(${requestsSum}) AS requests,
      round(${bytesSum}) AS bytes,
      ${errorsSum} / ${requestsSum} AS error_share
    FROM requests
    WHERE ${rowFilter}
    GROUP BY host
    ORDER BY requests DESC, host
    LIMIT {limit:UInt32}`,
  rollups: ['clients'],
  columns: [
    { name: 'host', label: 'Host', unit: 'text', field: 'host' },
    { name: 'requests', label: 'Requests', unit: 'count' },
    { name: 'bytes', label: 'Bytes', unit: 'bytes' },
    { name: 'error_share', label: 'Errors', unit: 'ratio' },
  ],
};
