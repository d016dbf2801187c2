import type { DamagedPart } from '../../store/check-parts.ts';
import { type KeptTable, keptTables } from '../../store/kept-tables.ts';

/** SQL for FROM: a table without the rows of unreadable parts. Takes the parameters of {@link readableParams}. */
export function readableRows(table: KeptTable['name']): string {
  return `(SELECT * FROM ${table} WHERE _part NOT IN {unreadable_${table}:Array(String)})`;
}

export function readableParams(parts: readonly DamagedPart[]): Record<string, readonly string[]> {
  const unreadable = parts.filter(({ isAside, projection }) => !isAside && projection === undefined);
  return Object.fromEntries(
    keptTables.map(({ name }) => [
      `unreadable_${name}`,
      unreadable.filter(({ table }) => table === name).map(({ part }) => part),
    ]),
  );
}
