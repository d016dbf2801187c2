import type { Engine } from '../engine/engine.ts';
import { askRows } from './ask-rows.ts';
import { type ExploredTable, explored } from './explored-table.ts';
import { selectColumns } from './find-rows.ts';
import { positionColumns, positionParameters, positionValues, type RowPosition } from './row-position.ts';

/** Where the line of a row came from, as far as it was stored. */
export interface RowOrigin {
  /** The object: absolute path or URL; of a stream, with its shard. */
  readonly origin: string;
  readonly format: string;
  /** Empty for `tailrace ingest`. */
  readonly pipeline: string;
  /** When its batch was closed, UTC. */
  readonly storedAt: string;
}

export interface WholeRow {
  /** All columns and derived fields, by name. */
  readonly values: Readonly<Record<string, unknown>>;
  /** Null while the batch is not closed. */
  readonly origin: RowOrigin | null;
}

/** A row with all that is known of it; undefined if it is not (or no longer) stored. @throws EngineError */
export async function readRow(
  engine: Engine,
  table: ExploredTable,
  position: RowPosition,
  signal: AbortSignal,
): Promise<WholeRow | undefined> {
  const { fields, columns } = explored[table];
  const names = new Set([...columns, ...fields.byName.keys()]);
  const selected = selectColumns({ table, columns: [...names] });
  const params = positionParameters(position);
  const hour = "toStartOfHour(time) = toStartOfHour({row_time:DateTime64(3, 'UTC')})";
  const [[values], [origin]] = await Promise.all([
    askRows<WholeRow['values']>(
      engine,
      {
        sql: `
          SELECT ${selected.columns.join(', ')}
          FROM ${table}
          WHERE ${hour} AND (${positionColumns.join(', ')}) = ${positionValues}
          LIMIT 1`,
        params: { ...params, ...selected.params },
      },
      signal,
    ),
    askRows<RowOrigin>(
      engine,
      {
        sql: `
          SELECT origin, format, pipeline, toString(stored_at) AS storedAt
          FROM ledger
          WHERE batch = {row_batch:UInt64} AND object = {row_object:UInt32}
          LIMIT 1`,
        params,
      },
      signal,
    ),
  ]);
  return values && { values, origin: origin ?? null };
}
