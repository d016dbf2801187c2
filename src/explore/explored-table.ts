import type { Fields } from '../filters/fields.ts';
import { logFields } from '../filters/log-fields.ts';
import { requestFields } from '../filters/request-fields.ts';
import { logColumns } from '../schema/logs.ts';
import { lineColumns } from '../schema/object-place.ts';
import { requestColumns } from '../schema/requests.ts';

/** Tables whose rows can be looked through, one by one. */
export const exploredTables = ['requests', 'logs'] as const;
export type ExploredTable = (typeof exploredTables)[number];

interface Explored {
  readonly fields: Fields;
  /** All that is known of a row, computed columns included. */
  readonly columns: readonly string[];
}

export const explored: Readonly<Record<ExploredTable, Explored>> = {
  requests: {
    fields: requestFields,
    columns: [
      ...Object.keys(requestColumns),
      ...['params', 'key', 'edge_city', 'edge_country', 'edge_latitude', 'edge_longitude'],
    ],
  },
  logs: { fields: logFields, columns: [...Object.keys(logColumns), ...Object.keys(lineColumns), 'key'] },
};
