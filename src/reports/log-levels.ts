import { sql } from '../text/sql-text.ts';
import { type Report, rowFilter } from './report.ts';

export const logLevels: Report = {
  name: 'log-levels',
  title: 'Log lines by level',
  definition:
    'Lines of logs per bucket by their level. The time is what the line says; when it came in, if it says none.',
  of: 'logs',
  sql: sql`
    SELECT
      toStartOfInterval(time, toIntervalSecond({step:UInt32})) AS bucket,
      level,
      count() AS lines
    FROM logs
    WHERE ${rowFilter}
    GROUP BY bucket, level
    ORDER BY bucket, level`,
  rollups: [],
  columns: [
    { name: 'bucket', label: 'Time', unit: 'time' },
    { name: 'level', label: 'Level', unit: 'text', field: 'level' },
    { name: 'lines', label: 'Lines', unit: 'count' },
  ],
};
