import type { Engine } from '../engine/engine.ts';

/**
 * Ensures that nothing more of these batches is stored and none of them is closed, whatever was sent to the store: a
 * running statement is ended, and one that starts later checks {@link mayStore}.
 * @returns batches that are closed already, and stay closed
 */
export async function forbidBatches(engine: Engine, batches: readonly string[]): Promise<ReadonlySet<string>> {
  if (batches.length === 0) return new Set();
  const params = { batches: batches.map(BigInt) };
  await engine.run({
    sql: 'INSERT INTO taken_back (batch, at) SELECT arrayJoin({batches:Array(UInt64)}), now64(3)',
    params,
  });
  for (const batch of batches) await engine.endStatements(batch);
  const closed = await engine.rows<{ id: string }>({
    sql: 'SELECT DISTINCT toString(batch) AS id FROM ledger WHERE batch IN {batches:Array(UInt64)}',
    params,
  });
  return new Set(closed.map(({ id }) => id));
}

/** SQL: whether lines of the batch in the parameter `batch` may be stored. A batch is planned until it is taken back. */
export const mayStore = `(
  (SELECT count() FROM plans WHERE batch = {batch:UInt64}) > 0
  AND (SELECT count() FROM taken_back WHERE batch = {batch:UInt64}) = 0
)`;

/**
 * Batches that were taken back but have stored lines, because a late statement did not check whether it may store
 * them.
 */
export async function findLateBatches(engine: Engine): Promise<string[]> {
  const tables = ['requests', 'logs', 'rejects', 'tallies', 'plans'].map(
    (table) => `SELECT DISTINCT batch FROM ${table} WHERE batch IN (SELECT batch FROM taken_back)`,
  );
  const rows = await engine.rows<{ id: string }>({
    sql: `
      SELECT DISTINCT toString(batch) AS id
      FROM (${tables.join(' UNION ALL ')})
      WHERE batch NOT IN (SELECT batch FROM ledger WHERE batch IN (SELECT batch FROM taken_back))`,
  });
  return rows.map(({ id }) => id);
}
