import { type KeyedColumn, plainName } from './known-keys.ts';
import type { LogFormat } from './log-format.ts';

/** Names from the user; they take precedence over all known ones. */
export type GivenNames = Readonly<Partial<Record<KeyedColumn, readonly string[]>>>;

/** The format with the user's names for columns. A name with dots is in nested objects, which are opened, two deep. */
export function withNames(format: LogFormat, names: GivenNames): LogFormat {
  const given = new Set(Object.values(names).flat().map(plainName));
  const keys = Object.entries(format.keys).map(([column, known]) => [
    column,
    [...(names[column as KeyedColumn] ?? []), ...known.filter((name) => !given.has(plainName(name)))],
  ]);
  const objects = Object.values(names).flatMap((list) => list.flatMap(objectsAround));
  return { ...format, names, keys: Object.fromEntries(keys), opened: [...format.opened, ...objects] };
}

function objectsAround(name: string): string[] {
  const parts = name.split('.');
  return parts.slice(0, -1).map((_, index) => parts.slice(0, index + 1).join('.'));
}
