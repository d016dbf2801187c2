import type { Engine } from '../engine/engine.ts';
import { EngineError } from '../engine/engine-error.ts';
import { inPortions } from '../engine/statement-portions.ts';
import { hasRules, type MaskRules } from '../layouts/line-rules.ts';
import { maskedColumn } from '../layouts/mask-text.ts';
import type { ClosedBatch } from '../ledger/shipments.ts';
import { deliveredColumns, timeColumn } from './delivered-columns.ts';
import {
  type Division,
  type Reading,
  readAtOnce,
  type Share,
  type ShippedTable,
  UnfitBatchError,
} from './destination.ts';
import { readAhead } from './read-ahead.ts';
import { throughFile } from './through-file.ts';

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
  reading: Reading,
  mask: MaskRules,
  signal: AbortSignal,
  folder?: string,
): AsyncGenerator<Uint8Array> {
  const { table, select = allColumns(table), format = 'JSONEachRow', isOrdered, where } = reading;
  const hold = (rows: AsyncIterable<Uint8Array>) =>
    engine.kind === 'server' && folder !== undefined ? throughFile(rows, folder) : rows;
  const { from, params } = rowsOf(batch, table, mask, where);
  const order = isOrdered ? `${table === 'rejects' ? 'origin' : 'object'}, line_number` : reading.by;
  const read = (part: string) => () => {
    const sql = `SELECT ${select} ${from(part)} ${order ? `ORDER BY ${order}` : ''}`;
    return hold(engine.stream({ sql, params, settings: { ...settings, ...reading.settings } }, { format, signal }));
  };
  const count = reading.count ?? batch[table];
  try {
    if (count <= readAtOnce || reading.isWhole) {
      yield* read('')();
    } else if (table === 'rejects') {
      yield* readAhead(cutByLines(count).map(read));
    } else {
      const hours = await engine.rows<HourRows>({
        sql: `SELECT toUnixTimestamp(toStartOfHour(time)) AS hour, toUInt32(count()) AS rows
              ${from('')} GROUP BY hour ORDER BY hour`,
        params,
      });
      yield* readAhead(cutByHours(hours).map(read));
    }
  } catch (cause) {
    throw explain(batch, cause);
  }
}

/** See {@link Shipment.divide}. */
export async function divideRows(
  engine: Engine,
  batch: ClosedBatch,
  { table, by, where, most = Number.POSITIVE_INFINITY }: Division,
  mask: MaskRules,
): Promise<readonly Share[]> {
  const { from, params } = rowsOf(batch, table, mask, where);
  try {
    return await engine.rows<Share>({
      sql: `SELECT ${by} AS value, toUInt32(count()) AS count ${from('')} GROUP BY value
            ORDER BY count DESC, value ${Number.isFinite(most) ? `LIMIT ${most}` : ''}`,
      params,
    });
  } catch (cause) {
    throw explain(batch, cause);
  }
}

/** Masked rows of a batch. @returns SQL from FROM on, with a further condition of the stored rows */
function rowsOf(batch: ClosedBatch, table: ShippedTable, mask: MaskRules, where?: Reading['where']) {
  const times =
    table === 'rejects'
      ? ''
      : `AND ${timeColumn(table)} BETWEEN toDateTime64({first:String}, 3, 'UTC') AND toDateTime64({last:String}, 3, 'UTC')`;
  return {
    from: (part: string) => `
      FROM (SELECT ${maskedColumns(table, mask)} FROM ${table} WHERE batch = {batch:UInt64} ${times} ${part})
      ${where ? `WHERE ${where.sql}` : ''}`,
    params: { batch: batch.batch, first: batch.firstTime, last: batch.lastTime, ...where?.params },
  };
}

function explain(batch: ClosedBatch, cause: unknown): unknown {
  return cause instanceof EngineError && !isOfStore(cause) ? new UnfitBatchError(batch.batch, cause) : cause;
}

interface HourRows {
  /** Its beginning, Unix time in seconds. */
  readonly hour: number;
  readonly rows: number;
}

/** Conditions that select each row once. Hours are the beginning of the key of `requests`, so that a part is read without the others. */
export function cutByHours(hours: readonly HourRows[]): string[] {
  return inPortions(hours, ({ rows }) => rows, readAtOnce).flatMap((some) => {
    const [first, last] = [some[0]?.hour, some.at(-1)?.hour];
    const rows = some.reduce((sum, hour) => sum + hour.rows, 0);
    const within = `AND toStartOfHour(time) BETWEEN toDateTime(${first}, 'UTC') AND toDateTime(${last}, 'UTC')`;
    return cutByLines(rows).map((lines) => `${within} ${lines}`);
  });
}

function cutByLines(rows: number): string[] {
  const parts = Math.ceil(rows / readAtOnce);
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
