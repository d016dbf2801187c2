import type { Engine } from '../engine/engine.ts';
import { EngineError } from '../engine/engine-error.ts';
import { hasRules, type MaskRules } from '../layouts/line-rules.ts';
import { maskedColumn } from '../layouts/mask-text.ts';
import type { ClosedBatch } from '../ledger/shipments.ts';
import { logColumns } from '../schema/logs.ts';
import { lineColumns } from '../schema/object-place.ts';
import { requestColumns } from '../schema/requests.ts';
import { type Reading, type ShippedTable, UnfitBatchError } from './destination.ts';

/**
 * Stored columns by table. `batch` with `object` and `line_number` identifies a row of `requests` and `logs`, with `origin` and
 * `line_number` one of `rejects`. As text, because many programs read JSON's numbers as doubles.
 */
const columns: Readonly<Record<ShippedTable, readonly string[]>> = {
  requests: Object.keys(requestColumns),
  logs: Object.keys({ ...logColumns, ...lineColumns }),
  rejects: ['at', 'origin', 'line_number', 'reason', 'line', 'source_format', 'batch'],
};

/** Large batches are read in parts of so many rows, because the embedded engine writes each answer to a file of limited size. */
const partRows = 50_000;

const settings = {
  date_time_output_format: 'iso',
  output_format_json_quote_64bit_integers: 0,
  // Lines may have any bytes, JSON may not.
  output_format_json_validate_utf8: 1,
  // An alias like `toString(batch) AS batch` is meant for the output alone.
  prefer_column_name_to_alias: 1,
  max_threads: 1,
};

/** See {@link Shipment.read}. @param mask what is made unreadable before it leaves the store */
export async function* readRows(
  engine: Engine,
  batch: ClosedBatch,
  { table, select = allColumns(table), format = 'JSONEachRow', isOrdered, settings: formatSettings }: Reading,
  mask: MaskRules,
  signal: AbortSignal,
): AsyncGenerator<Uint8Array> {
  const parts = Math.ceil(batch[table] / partRows);
  for (let part = 0; part < parts; part++) {
    const statement = {
      sql: `
        SELECT ${select}
        FROM (
          SELECT ${maskedColumns(table, mask)}
          FROM ${table}
          WHERE batch = {batch:UInt64}
            ${table === 'rejects' ? '' : "AND time BETWEEN toDateTime64({first:String}, 3, 'UTC') AND toDateTime64({last:String}, 3, 'UTC')"}
            ${parts === 1 ? '' : 'AND line_number % {parts:UInt32} = {part:UInt32}'}
        )
        ${isOrdered ? `ORDER BY ${table === 'rejects' ? 'origin' : 'object'}, line_number` : ''}`,
      params: { batch: batch.batch, first: batch.firstTime, last: batch.lastTime, part, parts },
      settings: { ...settings, ...formatSettings },
    };
    try {
      yield* engine.stream(statement, { format, signal });
    } catch (cause) {
      throw cause instanceof EngineError && !isOfStore(cause) ? new UnfitBatchError(batch.batch, cause) : cause;
    }
  }
}

/** All columns, within the selection of the batch: the engine reads only those that are asked for. */
function maskedColumns(table: ShippedTable, mask: MaskRules): string {
  if (!hasRules({ mask })) return '*';
  const masked = columns[table].flatMap((name) => {
    const value = maskedColumn(mask, name, name);
    return value === name ? [] : [`${value} AS ${name}`];
  });
  return `* REPLACE (${masked.join(', ')})`;
}

function allColumns(table: ShippedTable): string {
  return columns[table].map((name) => (name === 'batch' ? 'toString(batch) AS batch' : name)).join(', ');
}

/** Whether another batch could not be read either. */
function isOfStore({ code, retryable }: EngineError): boolean {
  return retryable || ['TAILRACE_STORE_UNAVAILABLE', 'TAILRACE_DISK_FULL', 'TAILRACE_QUERY_CANCELLED'].includes(code);
}
