import { quoteString } from '../engine/bound-parameter.ts';
import type { Engine } from '../engine/engine.ts';

/** What a running query still needs. */
export interface NeededFolds {
  readonly version: string;
  /** Panes whose last window ends after this, epoch ms. */
  readonly afterMs: number;
  /** Folds of batches after this. */
  readonly position: string;
}

/**
 * Drops whole hours of folds that no running query needs: their windows are over and take no more rows. The newest hour
 * stays. What versions left that do not run any more goes with them.
 */
export async function removeFolded(engine: Engine, needed: readonly NeededFolds[]): Promise<void> {
  const params = {
    versions: needed.map(({ version }) => BigInt(version)),
    ends: needed.map(({ afterMs }) => afterMs),
    positions: needed.map(({ position }) => BigInt(position)),
  };
  const isRunning = 'has({versions:Array(UInt64)}, version)';
  const ofVersion = (list: string) => `${list}[indexOf({versions:Array(UInt64)}, version)]`;
  await dropHours(engine, 'window_panes', `${isRunning} AND end > ${ofVersion('{ends:Array(Int64)}')}`, params);
  // States are written after the panes of their fold, and folds after both: each stays as long as there are panes.
  const hasPanes = `${isRunning} AND fold IN (SELECT fold FROM window_panes)`;
  await dropHours(engine, 'window_states', hasPanes, params);
  const isAhead = `${isRunning} AND batch > ${ofVersion('{positions:Array(UInt64)}')}`;
  await dropHours(engine, 'window_folds', `(${hasPanes}) OR (${isAhead})`, params);
}

async function dropHours(
  engine: Engine,
  table: string,
  isNeeded: string,
  params: Readonly<Record<string, unknown>>,
): Promise<void> {
  const hours = await engine.rows<{ id: string }>({
    sql: `
      SELECT _partition_id AS id
      FROM ${table}
      GROUP BY id
      HAVING countIf(${isNeeded}) = 0 AND max(toStartOfHour(written_at)) < (SELECT max(toStartOfHour(written_at)) FROM ${table})`,
    params,
    settings: { max_threads: 1 },
  });
  for (const { id } of hours) await engine.run({ sql: `ALTER TABLE ${table} DROP PARTITION ID ${quoteString(id)}` });
}
