import { sql } from '../text/sql-text.ts';
import { type Report, rowFilter } from './report.ts';
import { bytesSum, errorsSum, requestsSum, samplingNote } from './scaled-sums.ts';

export const topViewers: Report = {
  name: 'top-viewers',
  title: 'Top viewers',
  definition: `Client addresses (c-ip) by requests, with the requests that got sc-status 400 or above. Many people can stand behind one address. ${samplingNote}`,
  sql: sql`
    SELECT
      client_ip,
      round(${requestsSum}) AS requests,
      round(${bytesSum}) AS bytes,
      round(${errorsSum}) AS errors
    FROM requests
    WHERE ${rowFilter}
    GROUP BY client_ip
    ORDER BY requests DESC, client_ip
    LIMIT {limit:UInt32}`,
  rollups: ['clients'],
  columns: [
    { name: 'client_ip', label: 'Address', unit: 'text', field: 'client_ip' },
    { name: 'requests', label: 'Requests', unit: 'count' },
    { name: 'bytes', label: 'Bytes', unit: 'bytes' },
    { name: 'errors', label: 'Errors', unit: 'count' },
  ],
};
