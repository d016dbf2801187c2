import { logColumns } from '../schema/logs.ts';
import { lineColumns } from '../schema/object-place.ts';
import { requestColumns } from '../schema/requests.ts';
import type { ShippedTable } from './destination.ts';

/**
 * Stored columns by table. `batch` with `object` and `line_number` identifies a row of `requests` and `logs`, with `origin` and
 * `line_number` one of `rejects`. As text, because many programs read JSON's numbers as doubles.
 */
export const deliveredColumns: Readonly<Record<ShippedTable, readonly string[]>> = {
  requests: Object.keys(requestColumns),
  logs: Object.keys({ ...logColumns, ...lineColumns }),
  rejects: ['at', 'origin', 'line_number', 'reason', 'line', 'source_format', 'batch'],
};

/** Column with the time of an event, of a reject that of its rejection. */
export function timeColumn(table: ShippedTable): string {
  return table === 'rejects' ? 'at' : 'time';
}
