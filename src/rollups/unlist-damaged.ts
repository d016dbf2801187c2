import type { Engine } from '../engine/engine.ts';
import { type Rollup, rollupsByName } from '../store/rollup-tables.ts';

/**
 * Unlists blocks of which rows are missing: the engine opens a store without parts that it cannot read. Their hours are
 * summed up again.
 */
export async function unlistDamaged(engine: Engine): Promise<void> {
  const lacking = Object.values<Rollup>(rollupsByName)
    .map(
      ({ table, isOptional }) =>
        `(${isOptional ? 'NOT lacks_clients AND ' : ''}(block, rows) NOT IN (SELECT block, sum(rows) FROM ${table} GROUP BY block))`,
    )
    .join(' OR ');
  const [some] = await engine.rows({ sql: `SELECT 1 FROM rollup_blocks WHERE ${lacking} LIMIT 1` });
  if (!some) return;
  await engine.run({
    sql: `ALTER TABLE rollup_blocks DELETE WHERE ${lacking}`,
    settings: { mutations_sync: 1 },
  });
}
