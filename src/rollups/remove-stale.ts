import type { Engine } from '../engine/engine.ts';
import { rollupsByName } from '../store/rollup-tables.ts';
import { contentsOfHour } from '../store/rollups.ts';
import { dayMs } from './range.ts';

/**
 * Removes blocks whose rows have changed or expired.
 * @param before what was stale at an earlier call, longer ago than any answer takes
 * @returns what is stale now
 */
export async function removeStale(engine: Engine, before: ReadonlySet<string>): Promise<ReadonlySet<string>> {
  const found = await engine.rows<{ block: string }>({
    sql: `
      WITH by_hour AS (
        SELECT ${contentsOfHour.hour} AS start, ${contentsOfHour.rows} AS rows, ${contentsOfHour.fingerprint} AS fingerprint
        FROM requests
        GROUP BY start
      )
      SELECT toString(block) AS block
      FROM rollup_blocks
      WHERE (hours, start, rows, fingerprint) NOT IN (
        SELECT toUInt8(1), start, rows, fingerprint FROM by_hour
        UNION ALL
        SELECT toUInt8(24), toStartOfDay(start) AS day, sum(rows), sum(fingerprint) FROM by_hour GROUP BY day
      )`,
  });
  const stale = new Set(found.map(({ block }) => block));
  const blocks = [...stale].filter((block) => before.has(block)).map(BigInt);
  const settings = { mutations_sync: 1 };
  if (blocks.length > 0) {
    await engine.run({
      sql: 'ALTER TABLE rollup_blocks DELETE WHERE block IN {blocks:Array(UInt64)}',
      params: { blocks },
      settings,
    });
  }
  // Also of blocks that a killed process did not finish; a block is finished within a day.
  const unlisted = `built_at < {before:DateTime64(3)} AND block NOT IN (SELECT block FROM rollup_blocks)`;
  const params = { before: new Date(Date.now() - dayMs) };
  for (const { table } of Object.values(rollupsByName)) {
    const [some] = await engine.rows({ sql: `SELECT 1 FROM ${table} WHERE ${unlisted} LIMIT 1`, params });
    if (some) await engine.run({ sql: `ALTER TABLE ${table} DELETE WHERE ${unlisted}`, params, settings });
  }
  return stale;
}
