import type { Engine } from '../engine/engine.ts';
import { rollupsByName } from '../store/rollup-tables.ts';

/**
 * Removes sums of days of which `requests` has nothing any more.
 * @param quietSeconds how long such a day must have been gone: longer than any answer takes that still reads them
 */
export async function removeExpired(engine: Engine, quietSeconds: number): Promise<void> {
  const held = '(SELECT _partition_id FROM requests GROUP BY _partition_id)';
  const recent = `(
    SELECT partition FROM deletions
    WHERE table_name = 'requests' AND at > now64(3) - toIntervalSecond({seconds:UInt32}))`;
  const params = { seconds: quietSeconds };
  const listed = `formatDateTime(start, '%Y%m%d')`;
  const isGone = (day: string) => `${day} NOT IN ${held} AND ${day} NOT IN ${recent}`;
  const [some] = await engine.rows({ sql: `SELECT 1 FROM rollup_blocks WHERE ${isGone(listed)} LIMIT 1`, params });
  if (some) {
    const days = await engine.rows<{ day: string }>({
      sql: `SELECT DISTINCT ${listed} AS day FROM rollup_blocks WHERE ${isGone(listed)}`,
      params,
    });
    await engine.run({
      sql: `ALTER TABLE rollup_blocks DELETE WHERE ${listed} IN {days:Array(String)}`,
      params: { days: days.map(({ day }) => day) },
      settings: { mutations_sync: 1 },
    });
  }
  for (const { table } of Object.values(rollupsByName)) {
    const partitions = await engine.rows<{ partition: string }>({
      sql: `
        SELECT DISTINCT partition_id AS partition FROM system.parts
        WHERE database = currentDatabase() AND table = {table:String} AND active AND rows > 0 AND ${isGone('partition_id')}`,
      params: { ...params, table },
    });
    for (const { partition } of partitions) {
      await engine.run({ sql: `ALTER TABLE ${table} DROP PARTITION ID {partition:String}`, params: { partition } });
    }
  }
}
