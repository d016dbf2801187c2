/** A point in time, or why the text is not one and what to write instead. */
export type Instant = { readonly value: Date } | { readonly cause: string; readonly remedy: string };

const shape = /^(\d{4}-\d\d-\d\d)(?:[T ](\d\d:\d\d(?::\d\d(?:\.\d{1,9})?)?) ?(Z|[+-]\d\d:\d\d)?)?$/i;
const remedy = 'write for example 2026-11-01T00:00:00Z';

/** Reads `2026-11-01T00:00:00Z`, `2026-11-01 02:00+02:00` and `2026-11-01` (midnight UTC), ISO 8601. Never throws. */
export function parseInstant(text: string): Instant {
  const [, date, clock, zone] = shape.exec(text.trim()) ?? [];
  if (date === undefined) return { cause: 'it is not an ISO time', remedy };
  // The local time zone must not change the meaning of a file.
  if (clock !== undefined && zone === undefined) return { cause: 'it names no time zone', remedy: 'add Z for UTC' };
  const value = new Date(`${date}T${clock ?? '00:00'}${zone?.toUpperCase() ?? 'Z'}`);
  // The 30th of February would become the 2nd of March.
  const hasDay = Number.isFinite(value.getTime()) && new Date(`${date}T00:00Z`).toISOString().startsWith(date);
  return hasDay ? { value } : { cause: 'there is no such day or hour', remedy };
}
