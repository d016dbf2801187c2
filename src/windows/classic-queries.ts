import type { WindowQuery } from './window-query.ts';

const secondMs = 1000;

const times = {
  outputs: [],
  disorderMs: 5 * secondMs,
  latenessMs: 600 * secondMs,
  idleMs: 10 * secondMs,
  keepMs: 7 * 86_400 * secondMs,
};

/** What used to run on Kinesis Analytics SQL; `tailrace demo` answers them. */
export const classicQueries: readonly WindowQuery[] = [
  {
    ...times,
    name: 'bot_detection',
    from: 'requests',
    window: { type: 'tumbling', sizeMs: secondMs },
    sql: `
      SELECT distribution, client_ip AS viewer, edge_location, sum(bytes_sent) AS bytes
      FROM requests
      WHERE is_bot
      GROUP BY distribution, viewer, edge_location`,
    rebuildMs: 3600 * secondMs,
  },
  {
    ...times,
    name: 'bytes_transferred',
    from: 'requests',
    window: { type: 'tumbling', sizeMs: secondMs },
    sql: `
      SELECT distribution, edge_location, sum(bytes_sent) AS bytes
      FROM requests
      GROUP BY distribution, edge_location`,
    rebuildMs: 3600 * secondMs,
  },
  {
    ...times,
    name: 'top_talkers',
    from: 'requests',
    window: { type: 'tumbling', sizeMs: 60 * secondMs },
    sql: `
      SELECT client_ip AS viewer, count() AS requests, sum(bytes_sent) AS bytes
      FROM requests
      GROUP BY viewer
      ORDER BY requests DESC, bytes DESC, viewer
      LIMIT 50`,
    rebuildMs: 3600 * secondMs,
  },
];
