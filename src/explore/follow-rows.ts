import { setTimeout } from 'node:timers/promises';
import type { Engine } from '../engine/engine.ts';
import { compileFilter } from '../filters/compile-filter.ts';
import { parseFilter } from '../filters/parse-filter.ts';
import { onClosedBatch } from '../ledger/batch-closed.ts';
import { idAtTime } from '../ledger/batch-id.ts';
import { askRows } from './ask-rows.ts';
import { explored } from './explored-table.ts';
import { type ExploredRow, type RowsQuestion, selectColumns } from './find-rows.ts';
import { positionOrder, positionText } from './row-position.ts';

export type FollowedRows = Pick<RowsQuestion, 'table' | 'q' | 'columns'>;

/** Rows of batches that were closed since the look before. */
export interface NewRows {
  /** Newest first, at most {@link mostAtOnce}. */
  readonly rows: readonly ExploredRow[];
  /** How many more there were. */
  readonly leftOut: number;
}

/** With two looks a second, more than anybody reads. */
export const mostAtOnce = 50;
/** Batches that other processes close are looked for so often. */
const lookMs = 500;
/** Looks are at least so far apart, however many batches are closed. */
const leastMs = 250;
/** A batch that takes longer, such as a file of many gigabytes, is not followed. */
const longestBatchMs = 15 * 60_000;

/**
 * What is stored from now on, batch by batch, as soon as each is closed. Yields an empty answer at each look without new rows.
 * Ends when the signal aborts.
 * @throws EngineError; FilterError when the filter cannot be read
 */
export async function* followRows(
  engine: Engine,
  question: FollowedRows,
  signal: AbortSignal,
): AsyncGenerator<NewRows> {
  let wake = () => {};
  const end = onClosedBatch(engine, () => wake());
  try {
    let known = new Set(await closedBatches(engine, signal));
    while (!signal.aborted) {
      const closed = await closedBatches(engine, signal);
      const fresh = closed.filter((batch) => !known.has(batch));
      known = new Set(closed);
      yield fresh.length === 0 ? { rows: [], leftOut: 0 } : await rowsOf(engine, question, fresh, signal);
      await setTimeout(leastMs, undefined, { signal });
      const woken = new Promise<void>((resolve) => {
        wake = resolve;
      });
      await Promise.race([woken, setTimeout(lookMs - leastMs, undefined, { signal })]);
    }
  } catch (error) {
    if (!signal.aborted) throw error;
  } finally {
    end();
  }
}

async function closedBatches(engine: Engine, signal: AbortSignal): Promise<string[]> {
  const found = await askRows<{ id: string }>(
    engine,
    {
      sql: 'SELECT DISTINCT toString(batch) AS id FROM ledger WHERE batch >= {since:UInt64}',
      params: { since: idAtTime(Date.now() - longestBatchMs) },
    },
    signal,
  );
  return found.map(({ id }) => id);
}

async function rowsOf(
  engine: Engine,
  { table, q, columns }: FollowedRows,
  batches: readonly string[],
  signal: AbortSignal,
): Promise<NewRows> {
  const { fields } = explored[table];
  const filter = compileFilter(parseFilter(q, fields), fields);
  const selected = selectColumns({ table, columns });
  const where = `batch IN {batches:Array(UInt64)}${filter.sql === '' ? '' : `\n  AND ${filter.sql}`}`;
  const params = { ...filter.params, ...selected.params, batches: batches.map(BigInt), most: mostAtOnce };
  const [rows, [counted]] = await Promise.all([
    askRows<ExploredRow>(
      engine,
      {
        sql: `
          SELECT ${[`${positionText} AS row`, ...selected.columns].join(', ')}
          FROM ${table}
          WHERE ${where}
          ORDER BY ${positionOrder}
          LIMIT {most:UInt32}`,
        params,
      },
      signal,
    ),
    askRows<{ rows: number }>(engine, { sql: `SELECT count() AS rows FROM ${table} WHERE ${where}`, params }, signal),
  ]);
  return { rows, leftOut: (counted?.rows ?? rows.length) - rows.length };
}
