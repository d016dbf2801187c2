import { sql } from '../text/sql-text.ts';
import { type Report, rowFilter } from './report.ts';
import { lateCount, sampledCount, storedCount } from './scaled-sums.ts';

/** The objects of which lines may be missing in the range. */
const objectsInRange = sql`
  rejected > 0 AND ifNull(first_time, stored_at) < {to:DateTime('UTC')} AND ifNull(last_time, stored_at) >= {from:DateTime('UTC')}`;

export const completeness: Report = {
  name: 'completeness',
  title: 'Completeness',
  definition: `How far the requests of the range can be believed.
Rejected: lines that could not be stored, in objects (files, ranges of records, sent requests) with events in the range; an object without events counts where it was stored. With a filter, only objects that hold requests which match.
Late: requests that came more than an hour after they were made, as CDN logs do, up to a day; so the last hours may grow.
Sampled: requests from logs that hold only some of all. Counts are scaled by 100 ÷ sampling rate; uniques cannot be.`,
  sql: sql`
    SELECT counts.stored AS stored, counts.late AS late, counts.sampled AS sampled, lost.lines AS rejected
    FROM (
      SELECT ${storedCount} AS stored, ${lateCount} AS late, ${sampledCount} AS sampled
      FROM requests
      WHERE ${rowFilter}
    ) AS counts
    CROSS JOIN (
      SELECT sum(rejected) AS lines
      FROM ledger
      WHERE ${objectsInRange}
        AND (
          {q:String} = ''
          OR (batch, object) IN (
            SELECT batch, object
            FROM requests
            WHERE batch IN (SELECT batch FROM ledger WHERE ${objectsInRange})
              AND ${rowFilter}
          )
        )
    ) AS lost`,
  // The objects that match a filter are sought in rows, and only in batches with rejected lines.
  rollups: ['completeness'],
  columns: [
    { name: 'stored', label: 'Stored', unit: 'count' },
    { name: 'late', label: 'Late', unit: 'count' },
    { name: 'sampled', label: 'Sampled', unit: 'count' },
    { name: 'rejected', label: 'Rejected', unit: 'count' },
  ],
};
