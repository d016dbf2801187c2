import type { Engine } from '../engine/engine.ts';
import { EngineError } from '../engine/engine-error.ts';
import { readDetachedParts } from '../store/detached-parts.ts';
import { retainedTables } from '../store/retention.ts';
import { newBatchId } from './batch-id.ts';
import { finishForgets, hashes } from './finish-forgets.ts';
import { type Viewer, viewerConditions, viewerParams } from './viewer-conditions.ts';

/** Rows of a viewer, by table; of rollups blocks. */
export type Forgotten = Readonly<Record<'requests' | 'logs' | 'rejects' | 'rollups', number>>;

export interface ForgetRecord {
  /** Keyed hash of the address, 64 hexadecimal digits. */
  readonly subject: string;
  readonly by: string;
  /** What was asked for, without the address. */
  readonly rule: string;
}

/** How many rows a viewer has. Changes nothing. */
export async function countViewer(engine: Engine, viewer: Viewer): Promise<Forgotten> {
  const [found] = await engine.rows<Forgotten>({
    sql: `SELECT ${retainedTables.map((table) => `(SELECT count() FROM ${table} WHERE ${viewerConditions[table]}) AS ${table}`).join(', ')},
            (SELECT uniqExact(block) FROM rollup_clients WHERE ${viewerConditions.rollup_clients}) AS rollups`,
    params: viewerParams(viewer),
  });
  if (!found) throw new Error('BUG: an aggregate without a row');
  return found;
}

/**
 * Deletes a viewer's rows. First they are listed by hashes, then a record is written; from then on no statement needs the
 * address, and a process that is killed leaves work that {@link finishForgets} completes. Rows of batches that are being stored
 * are not among them. Only one process may call it at a time.
 * @throws EngineError also when parts are put aside, whose rows cannot be found
 */
export async function forgetViewer(engine: Engine, viewer: Viewer, record: ForgetRecord): Promise<Forgotten> {
  const params = viewerParams(viewer);
  const aside = await readDetachedParts(engine);
  if (aside.length > 0) {
    throw new EngineError(
      'TAILRACE_STORE_UNAVAILABLE',
      `cannot forget anyone: ${aside.length} damaged parts are put aside, and may hold rows; run "tailrace verify --repair" first`,
    );
  }
  await finishForgets(engine);
  await dropUnrecorded(engine);
  const forget = newBatchId();
  for (const table of retainedTables) {
    await engine.run({
      sql: `
        INSERT INTO forgetting (forget, table_name, batch, hash)
        SELECT {forget:UInt64}, '${table}', batch, ${hashes[table]}
        FROM ${table}
        WHERE batch IN (SELECT batch FROM ledger) AND ${viewerConditions[table]}`,
      params: { ...params, forget },
    });
  }
  await engine.run({
    sql: `
      INSERT INTO forgetting (forget, table_name, batch, hash)
      SELECT DISTINCT {forget:UInt64}, 'rollup_clients', block, 0 FROM rollup_clients WHERE ${viewerConditions.rollup_clients}`,
    params: { ...params, forget },
  });
  const count = (table: string) => `countIf(table_name = '${table}')`;
  const counts = `${retainedTables.map(count).join(', ')}, ${count('rollup_clients')}`;
  await engine.run({
    sql: `
      INSERT INTO forgets (forget, at, by, rule, subject, requests, logs, rejects, rollups, state, sequence)
      SELECT {forget:UInt64}, now64(3), {by:String}, {rule:String}, {subject:String}, ${counts}, 'listed', 0
      FROM forgetting
      WHERE forget = {forget:UInt64}`,
    params: { forget, ...record },
  });
  await finishForgets(engine);
  const [done] = await engine.rows<Forgotten>({
    sql: 'SELECT requests, logs, rejects, rollups FROM forgets FINAL WHERE forget = {forget:UInt64}',
    params: { forget },
  });
  if (!done) throw new Error('BUG: the record of a forget is gone');
  return done;
}

/** A process that was killed may have listed rows without a record. */
async function dropUnrecorded(engine: Engine): Promise<void> {
  const lists = await engine.rows<{ id: string }>({
    sql: 'SELECT DISTINCT toString(forget) AS id FROM forgetting WHERE forget NOT IN (SELECT forget FROM forgets)',
  });
  for (const { id } of lists)
    await engine.run({ sql: 'ALTER TABLE forgetting DROP PARTITION ID {id:String}', params: { id } });
}
