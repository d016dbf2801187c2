import { sql } from '../text/sql-text.ts';
import { type Report, timeFilter } from './report.ts';
import { bytesSum, samplingNote, timeBucket } from './scaled-sums.ts';

export const bandwidth: Report = {
  name: 'bandwidth',
  title: 'Bandwidth',
  definition: `Σ sc-bytes × 8 ÷ width of the bucket, by x-edge-result-type; headers are included. All bytes of a response count at its end, so a long download shows as a peak when it is done. ${samplingNote}`,
  sql: sql`
    SELECT
      ${timeBucket} AS bucket,
      result,
      ${bytesSum} * 8 / {step:UInt32} AS bandwidth
    FROM requests
    WHERE ${timeFilter}
    GROUP BY bucket, result
    ORDER BY bucket, result`,
  rollups: ['outcomes'],
  rollupsOfAll: ['outcomesOfAll'],
  columns: [
    { name: 'bucket', label: 'Time', unit: 'time' },
    { name: 'result', label: 'Result', unit: 'text', field: 'result' },
    { name: 'bandwidth', label: 'Bandwidth', unit: 'bits-per-second' },
  ],
};
