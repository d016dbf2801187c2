import { alwaysWhole, type WholeSince } from './retention.ts';

/** A table whose line counts the ledger records. The conditions take the parameters of {@link keptParams}. */
export interface KeptTable {
  readonly name: keyof WholeSince;
  readonly unit: 'rows' | 'lines';
  /** SQL over `ledger`: how many lines of an object the table holds. */
  readonly lines: string;
  /** SQL over `ledger`: whether retention cannot have deleted a line of the object. */
  readonly isWhole: string;
  /** SQL over the table: the same for a row. Every line of a whole object fulfils it. */
  readonly isKept: string;
}

export const keptTables: readonly KeptTable[] = [
  events('requests', 'rows - log_rows'),
  events('logs', 'log_rows'),
  {
    name: 'rejects',
    unit: 'lines',
    lines: 'rejected',
    // They have the time of their arrival, which is before that of the ledger; a batch takes less than a day.
    isWhole: unlessAlways('rejects', 'stored_at >= {rejects_since:Date} + 1'),
    isKept: unlessAlways('rejects', 'at >= {rejects_since:Date}'),
  },
];

/** @param since by table, the first day from which retention has deleted no row */
export function keptParams(since: WholeSince): Record<string, string> {
  return Object.fromEntries(Object.entries(since).map(([name, day]) => [`${name}_since`, day]));
}

function events(name: 'requests' | 'logs', lines: string): KeptTable {
  return {
    name,
    unit: 'rows',
    lines,
    // Partitions and retention wrap times beyond 2106, where DateTime ends.
    isWhole: unlessAlways(name, `first_time >= {${name}_since:Date} AND last_time < '2106-01-01 00:00:00'`),
    // A condition on the partition, so that rows are counted without reading them.
    isKept: unlessAlways(name, `toDate(time) >= {${name}_since:Date}`),
  };
}

function unlessAlways(name: keyof WholeSince, condition: string): string {
  return `({${name}_since:Date} = '${alwaysWhole}' OR (${condition}))`;
}
