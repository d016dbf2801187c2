import { sql } from '../text/sql-text.ts';
import { type Report, rowFilter } from './report.ts';
import { bytesSum, requestsSum, samplingNote } from './scaled-sums.ts';

export const topBots: Report = {
  name: 'top-bots',
  title: 'Top bots',
  definition: `Declared bots by requests: the name and kind that the User-Agent claims; nobody has verified it. ${samplingNote}`,
  sql: sql`
    SELECT
      bot,
      any(bot_category) AS kind,
      round(${requestsSum}) AS requests,
      round(${bytesSum}) AS bytes
    FROM requests
    WHERE ${rowFilter}
      AND is_bot
    GROUP BY bot
    ORDER BY requests DESC, bot
    LIMIT {limit:UInt32}`,
  rollups: ['clients'],
  rollupsOfAll: ['agentsOfAll'],
  columns: [
    { name: 'bot', label: 'Bot', unit: 'text', field: 'bot' },
    { name: 'kind', label: 'Kind', unit: 'text', field: 'bot_category' },
    { name: 'requests', label: 'Requests', unit: 'count' },
    { name: 'bytes', label: 'Bytes', unit: 'bytes' },
  ],
};
