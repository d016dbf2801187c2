import type { ShippedTable } from '../../../src/destinations/destination.ts';
import type { DeliveredRow } from '../destination-under-test.ts';

/** A column that only one table has. */
const signs: readonly (readonly [string, ShippedTable])[] = [
  ['path', 'requests'],
  ['message', 'logs'],
  ['reason', 'rejects'],
];

/** Rows of JSON lines, each once, as docs/destinations.md tells readers to: by batch, object and line. Throws when a line is cut. */
export function rowsOnce(text: string): DeliveredRow[] {
  const lines = text.split('\n');
  if (lines.pop() !== '') throw new Error('the last line is cut');
  const rows = new Map<string, DeliveredRow>();
  for (const line of lines) {
    const values = JSON.parse(line);
    const table = signs.find(([name]) => name in values)?.[1];
    if (table === undefined) throw new Error(`of no table: ${line.slice(0, 100)}`);
    rows.set([table, values.batch, values.object, values.line_number].join(), { table, values });
  }
  return [...rows.values()];
}
