import { mkdtemp, rm } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { expect, test } from 'vitest';
import type { Engine } from '../engine/engine.ts';
import { logColumns } from '../schema/logs.ts';
import { openStore } from './open-store.ts';

const earlierLogColumns = Object.keys(logColumns).filter((name) => name !== 'time_from');

/** What schema 2 had where today's differs. */
const backToSchema2 = [
  `ALTER TABLE tallies ADD COLUMN at SimpleAggregateFunction(max, DateTime('UTC'))`,
  'ALTER TABLE tallies MODIFY TTL at + INTERVAL 1 DAY',
  `ALTER TABLE landing_to_tallies MODIFY QUERY
   SELECT batch, object, count() AS lines, now('UTC') AS at FROM landing GROUP BY batch, object`,
  `ALTER TABLE landing_logs_to_logs MODIFY QUERY SELECT ${earlierLogColumns.join(', ')} FROM landing_logs WHERE kind = 0`,
  'ALTER TABLE landing_logs DROP COLUMN time_from',
  'ALTER TABLE logs DROP COLUMN time_from',
  'ALTER TABLE schema_versions DELETE WHERE version > 2 SETTINGS mutations_sync = 2',
];

const insertLine = `INSERT INTO landing (batch, object, line, line_bytes, kind) SELECT 7, 1, 'a', 1, 2`;

test('a store of schema 2 is brought to this one, also when that was cut short', async () => {
  const directory = await mkdtemp(join(tmpdir(), 'tailrace-migrate-'));
  const onStore = async (work: (engine: Engine) => Promise<void>) => {
    const store = await openStore({ directory });
    await work(store.engine).finally(() => store.close());
  };
  try {
    await onStore(async (engine) => {
      for (const sql of backToSchema2) await engine.run({ sql });
      await engine.run({ sql: insertLine });
      await engine.run({ sql: `INSERT INTO landing_logs (message, time) VALUES ('earlier', 1)` });
    });
    await onStore((engine) => engine.run({ sql: 'ALTER TABLE schema_versions DELETE WHERE version > 2' }));
    await onStore(async (engine) => {
      await engine.run({ sql: insertLine });
      expect(await engine.rows({ sql: 'SELECT * EXCEPT headers FROM tallies FINAL' })).toMatchObject([
        {
          batch: 7,
          object: 1,
          lines: 2,
          content_bytes: 2,
          comments: 1,
          rejected: 0,
          first_time: null,
          last_time: null,
        },
      ]);
      const [{ definition = '' } = {}] = await engine.rows<{ definition: string }>({
        sql: `SELECT create_table_query AS definition FROM system.tables WHERE name = 'tallies'`,
      });
      expect(definition).not.toContain('TTL');
      await engine.run({ sql: `INSERT INTO landing_logs (message, time, time_from) VALUES ('later', 2, 'event')` });
      expect(await engine.rows({ sql: 'SELECT message, time_from FROM logs ORDER BY time' })).toEqual([
        { message: 'earlier', time_from: '' },
        { message: 'later', time_from: 'event' },
      ]);
    });
  } finally {
    await rm(directory, { recursive: true, force: true });
  }
});
