import { sql } from '../text/sql-text.ts';
import { type Report, rowFilter } from './report.ts';
import { bytesSum, requestsSum, samplingNote } from './scaled-sums.ts';

export const edgeLocations: Report = {
  name: 'edge-locations',
  title: 'Edge locations',
  definition: `Requests by x-edge-location. Its first three letters are the code of an airport nearby, from which the place is known. ${samplingNote}`,
  sql: sql`
    SELECT
      edge_location,
      arrayStringConcat(arrayFilter(part -> part != '', [any(edge_city), any(edge_country)]), ', ') AS place,
      round(${requestsSum}) AS requests,
      round(${bytesSum}) AS bytes
    FROM requests
    WHERE ${rowFilter}
    GROUP BY edge_location
    ORDER BY requests DESC, edge_location
    LIMIT {limit:UInt32}`,
  rollups: ['clients'],
  rollupsOfAll: ['edgesOfAll'],
  columns: [
    { name: 'edge_location', label: 'Edge', unit: 'text', field: 'edge_location' },
    { name: 'place', label: 'Place', unit: 'text' },
    { name: 'requests', label: 'Requests', unit: 'count' },
    { name: 'bytes', label: 'Bytes', unit: 'bytes' },
  ],
};
