import { sql } from '../text/sql-text.ts';
import { type Report, rowFilter } from './report.ts';
import { bytesSum, requestsSum, samplingNote } from './scaled-sums.ts';

export const countries: Report = {
  name: 'countries',
  title: 'Countries',
  definition: `Requests by the viewer’s country: c-country where it is logged, else looked up by address when a GeoIP file is configured. ${samplingNote}`,
  sql: sql`
    SELECT
      country,
      round(${requestsSum}) AS requests,
      round(${bytesSum}) AS bytes
    FROM requests
    WHERE ${rowFilter}
    GROUP BY country
    ORDER BY requests DESC, country
    LIMIT {limit:UInt32}`,
  rollups: ['clients'],
  rollupsOfAll: ['countriesOfAll'],
  columns: [
    { name: 'country', label: 'Country', unit: 'text', field: 'country' },
    { name: 'requests', label: 'Requests', unit: 'count' },
    { name: 'bytes', label: 'Bytes', unit: 'bytes' },
  ],
};
