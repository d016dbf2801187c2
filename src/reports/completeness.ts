import { type Report, rowFilter } from './report.ts';
import { sql } from './sql-text.ts';

/** Epoch ms at which a batch was begun; see ledger/batch-id.ts. */
const arrivedMs = 'bitShiftRight(batch, 22) + 1577836800000';

/** The objects of which lines may be missing in the range. */
export const objectsInRange = sql`
  ifNull(first_time, stored_at) < {to:DateTime('UTC')} AND ifNull(last_time, stored_at) >= {from:DateTime('UTC')}
  AND (
    {distribution:String} = '' AND {host:String} = ''
    OR (batch, object) IN (SELECT batch, object FROM requests WHERE ${rowFilter})
  )`;

export const completeness: Report = {
  name: 'completeness',
  title: 'Completeness',
  definition: `How far the requests of the range can be believed.
Rejected: lines that could not be stored, in objects (files, ranges of records, sent requests) with events in the range; an object without events counts where it was stored. With a filter, only objects that hold requests which match.
Late: requests that came more than an hour after they were made, as CDN logs do, up to a day; so the last hours may grow.
Sampled: requests from logs that hold only some of all. Counts are scaled by 100 ÷ sampling rate; uniques cannot be.`,
  sql: sql`
    SELECT
      count() AS rows,
      countIf(toUnixTimestamp64Milli(time) + 3600000 < ${arrivedMs}) AS late,
      countIf(sampling_rate < 100) AS sampled,
      (
        SELECT sum(rejected)
        FROM ledger
        WHERE rejected > 0
          AND ${objectsInRange}
      ) AS rejected
    FROM requests
    WHERE ${rowFilter}`,
  rollups: [],
  columns: [
    { name: 'rows', label: 'Stored', unit: 'count' },
    { name: 'late', label: 'Late', unit: 'count' },
    { name: 'sampled', label: 'Sampled', unit: 'count' },
    { name: 'rejected', label: 'Rejected', unit: 'count' },
  ],
};
