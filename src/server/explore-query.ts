import { z } from 'zod';
import { columnSql } from '../explore/explore-question.ts';
import { type ExploredTable, explored, exploredTables } from '../explore/explored-table.ts';
import { nearestName } from '../text/nearest-name.ts';
import { ApiError } from './api-error.ts';

export const explorePath = z.strictObject({ table: z.enum(exploredTables) });

/** @throws ApiError 404 */
export function readTable(params: unknown): ExploredTable {
  const { table } = params as { readonly table: string };
  const found = exploredTables.find((name) => name === table);
  if (found) return found;
  throw new ApiError(
    404,
    'TAILRACE_NOT_FOUND',
    `cannot explore "${table}": it is none of ${exploredTables.join(', ')}`,
  );
}

const usualColumns: Readonly<Record<ExploredTable, readonly string[]>> = {
  requests: ['time', 'status', 'method', 'host', 'path', 'cause', 'client_ip', 'request_id'],
  logs: ['time', 'level', 'service', 'message'],
};
const mostColumns = 60;

export const columnsQuery = z
  .string()
  .max(4000)
  .optional()
  .describe(
    'Columns with commas between them: those of the table, fields of filters, and values by their key such as attributes.user_id. Default: the usual ones',
  );

/** @throws ApiError `TAILRACE_REQUEST_INVALID` */
export function readColumns(table: ExploredTable, text: string | undefined): readonly string[] {
  if (text === undefined || text === '') return usualColumns[table];
  const names = [...new Set(text.split(','))];
  if (names.length > mostColumns) throw invalid(`"columns": ${names.length} are more than ${mostColumns}; remove some`);
  const unknown = names.find((name) => columnSql(table, name, () => '') === undefined);
  if (unknown === undefined) return names;
  const { fields, columns } = explored[table];
  const nearest = nearestName(unknown, [...columns, ...fields.byName.keys()]);
  throw invalid(
    `"columns": ${table} has no column "${unknown}"${nearest === undefined ? '' : `; did you mean "${nearest}"?`}`,
  );
}

export function invalid(problem: string): ApiError {
  return new ApiError(400, 'TAILRACE_REQUEST_INVALID', `cannot read the query: ${problem}`);
}
