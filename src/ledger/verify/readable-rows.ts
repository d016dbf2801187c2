import type { DamagedPart } from '../../store/check-parts.ts';
import { type KeptTable, keptTables } from '../../store/kept-tables.ts';

/** A table without the rows of parts that cannot be read, as SQL for FROM. Takes the parameters of {@link readableParams}. */
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
