import { createHash } from 'node:crypto';
import type { ShippedTable } from './destination.ts';

/**
 * The same whenever the same rows of a batch are sent, and never that of others. A receiver that knows it has them. It depends
 * on the rows, not on their number: where they are cut differently, nothing is taken for known that is not.
 */
export function keyOfRows(batch: string, table: ShippedTable, rows: Uint8Array): string {
  return `${batch}-${table}-${createHash('sha256').update(rows).digest('hex').slice(0, 32)}`;
}
