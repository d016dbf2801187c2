import type { Engine } from '../../engine/engine.ts';
import type { DamagedPart } from '../../store/check-parts.ts';
import { lastMark, unequalSpans } from '../../store/ledger-mark.ts';
import { talliesOf } from '../count-batch.ts';
import { readableParams, readableRows } from './readable-rows.ts';

/** A planned batch without an entry in the ledger: it was never closed, or the ledger has lost it. */
export interface OpenBatch {
  readonly batch: string;
  readonly objects: number;
  readonly rows: number;
  /** Whether all its lines are stored, so that only its entry is missing. */
  readonly isComplete: boolean;
}

/**
 * Leaves out batches under a lease, which the next owner of the lease settles, unless they were closed before.
 * @param hasLoss whether the ledger has lost entries
 */
export async function findOpenBatches(
  engine: Engine,
  damaged: readonly DamagedPart[],
  hasLoss: boolean,
): Promise<OpenBatch[]> {
  const wasClosed = `batch <= (SELECT batch FROM (${lastMark}))`;
  const { sql: isInRange, params } = await unequalSpans(engine);
  const open = `
    SELECT batch FROM plans
    WHERE ${isInRange} AND batch NOT IN (SELECT batch FROM ledger WHERE ${isInRange}) AND (NOT is_leased OR ({has_loss:Bool} AND ${wasClosed}))`;
  const rows = await engine.rows<Omit<OpenBatch, 'isComplete'> & { isComplete: number }>({
    sql: `
      WITH
        open AS (${open}),
        counted AS (
          SELECT
            p.batch AS batch,
            count() AS objects,
            sum(t.lines) AS lines,
            sum(t.lines - t.comments - t.rejected - t.excluded) AS rows,
            sum(t.rejected) AS rejected,
            -- A last line without a newline counts one byte more; gzip states a size modulo 2^32.
            countIf(p.stated_bytes < 0 OR bitAnd(toInt64(t.content_bytes) - p.stated_bytes, 4294967295) NOT IN (0, 1))
              AS unproved
          FROM plans AS p LEFT JOIN (${talliesOf('(SELECT batch FROM open)')}) AS t
            ON p.batch = t.batch AND p.object = t.object
          WHERE p.batch IN (SELECT batch FROM open)
          GROUP BY p.batch
        ),
        stored AS (
          SELECT batch, sum(row) AS rows, sum(reject) AS rejects
          FROM (
            SELECT batch, 1 AS row, 0 AS reject FROM ${readableRows('requests')} WHERE batch IN (SELECT batch FROM open)
            UNION ALL SELECT batch, 1, 0 FROM ${readableRows('logs')} WHERE batch IN (SELECT batch FROM open)
            UNION ALL SELECT batch, 0, 1 FROM ${readableRows('rejects')} WHERE batch IN (SELECT batch FROM open)
          )
          GROUP BY batch
        )
      SELECT
        toString(c.batch) AS batch, c.objects AS objects, s.rows AS rows,
        c.rows = s.rows AND c.rejected = s.rejects
          -- What was marked was closed, whether its objects state a size or not.
          AND (c.unproved = 0 OR (c.lines > 0 AND c.${wasClosed})) AS isComplete
      FROM counted AS c LEFT JOIN stored AS s ON c.batch = s.batch
      ORDER BY c.batch`,
    params: { ...params, ...readableParams(damaged), has_loss: hasLoss },
  });
  return rows.map((row) => ({ ...row, isComplete: Boolean(row.isComplete) }));
}
