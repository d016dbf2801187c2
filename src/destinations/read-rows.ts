import type { Engine } from '../engine/engine.ts';
import { EngineError } from '../engine/engine-error.ts';
import { hasRules, type MaskRules } from '../layouts/line-rules.ts';
import { maskedColumn } from '../layouts/mask-text.ts';
import type { ClosedBatch } from '../ledger/shipments.ts';
import { logColumns } from '../schema/logs.ts';
import { lineColumns } from '../schema/object-place.ts';
import { requestColumns } from '../schema/requests.ts';
import { type Reading, type ShippedTable, UnfitBatchError } from './destination.ts';
import { readAhead } from './read-ahead.ts';
import { throughFile } from './through-file.ts';

/**
 * Stored columns by table. `batch` with `object` and `line_number` identifies a row of `requests` and `logs`, with `origin` and
 * `line_number` one of `rejects`. As text, because many programs read JSON's numbers as doubles.
 */
export const deliveredColumns: Readonly<Record<ShippedTable, readonly string[]>> = {
  requests: Object.keys(requestColumns),
  logs: Object.keys({ ...logColumns, ...lineColumns }),
  rejects: ['at', 'origin', 'line_number', 'reason', 'line', 'source_format', 'batch'],
};

/** Large batches are read in parts of about so many rows, because the embedded engine writes each answer to a file of limited size. */
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

/**
 * See {@link Shipment.read}.
 * @param mask what is made unreadable before it leaves the store
 * @param folder holds what a server has answered: it ends an answer of which nothing is taken for half a minute, whatever its
 *   settings, and a destination may take nothing for longer. The embedded engine holds its answers itself.
 */
export async function* readRows(
  engine: Engine,
  batch: ClosedBatch,
  { table, select = allColumns(table), format = 'JSONEachRow', isOrdered, settings: formatSettings }: Reading,
  mask: MaskRules,
  signal: AbortSignal,
  folder?: string,
): AsyncGenerator<Uint8Array> {
  const hold = (rows: AsyncIterable<Uint8Array>) =>
    engine.kind === 'server' && folder !== undefined ? throughFile(rows, folder) : rows;
  const selected = `batch = {batch:UInt64} ${
    table === 'rejects'
      ? ''
      : "AND time BETWEEN toDateTime64({first:String}, 3, 'UTC') AND toDateTime64({last:String}, 3, 'UTC')"
  }`;
  const params = { batch: batch.batch, first: batch.firstTime, last: batch.lastTime };
  const read = (part: string) => () => {
    const sql = `
      SELECT ${select}
      FROM (SELECT ${maskedColumns(table, mask)} FROM ${table} WHERE ${selected} ${part})
      ${isOrdered ? `ORDER BY ${table === 'rejects' ? 'origin' : 'object'}, line_number` : ''}`;
    return hold(engine.stream({ sql, params, settings: { ...settings, ...formatSettings } }, { format, signal }));
  };
  try {
    if (batch[table] <= partRows) {
      yield* read('')();
    } else if (table === 'rejects') {
      yield* readAhead(cutByLines(batch[table]).map(read));
    } else {
      const hours = await engine.rows<HourRows>({
        sql: `SELECT toUnixTimestamp(toStartOfHour(time)) AS hour, toUInt32(count()) AS rows
              FROM ${table} WHERE ${selected} GROUP BY hour ORDER BY hour`,
        params,
      });
      yield* readAhead(cutByHours(hours).map(read));
    }
  } catch (cause) {
    throw cause instanceof EngineError && !isOfStore(cause) ? new UnfitBatchError(batch.batch, cause) : cause;
  }
}

interface HourRows {
  /** Its beginning, Unix time in seconds. */
  readonly hour: number;
  readonly rows: number;
}

/** Conditions that select each row once. Hours are the beginning of the key of `requests`, so that a part is read without the others. */
export function cutByHours(hours: readonly HourRows[]): string[] {
  const parts: { first: number; last: number; rows: number }[] = [];
  for (const { hour, rows } of hours) {
    const part = parts.at(-1);
    if (part && part.rows + rows <= partRows) parts[parts.length - 1] = { ...part, last: hour, rows: part.rows + rows };
    else parts.push({ first: hour, last: hour, rows });
  }
  return parts.flatMap(({ first, last, rows }) => {
    const within = `AND toStartOfHour(time) BETWEEN toDateTime(${first}, 'UTC') AND toDateTime(${last}, 'UTC')`;
    return cutByLines(rows).map((lines) => `${within} ${lines}`);
  });
}

function cutByLines(rows: number): string[] {
  const parts = Math.ceil(rows / partRows);
  return Array.from({ length: parts }, (_, part) => (parts === 1 ? '' : `AND line_number % ${parts} = ${part}`));
}

/** All columns, within the selection of the batch: the engine reads only those that are asked for. */
function maskedColumns(table: ShippedTable, mask: MaskRules): string {
  if (!hasRules({ mask })) return '*';
  const masked = deliveredColumns[table].flatMap((name) => {
    const value = maskedColumn(mask, name, name);
    return value === name ? [] : [`${value} AS ${name}`];
  });
  return `* REPLACE (${masked.join(', ')})`;
}

function allColumns(table: ShippedTable): string {
  return deliveredColumns[table].map((name) => (name === 'batch' ? 'toString(batch) AS batch' : name)).join(', ');
}

/** Whether another batch could not be read either. */
function isOfStore({ code, retryable }: EngineError): boolean {
  return retryable || ['TAILRACE_STORE_UNAVAILABLE', 'TAILRACE_DISK_FULL', 'TAILRACE_QUERY_CANCELLED'].includes(code);
}
