/** Parts of a query in Lucene's syntax, which reads AND and OR without brackets in no order that one expects. */

/** @param values without characters that the syntax has a meaning for, except `*` */
export function isAnyOf(field: string, values: readonly string[]): string {
  return `${escapeField(field)}:(${values.join(' OR ')})`;
}

/** Both ends belong to it. */
export function isBetween(field: string, from: number, to: number): string {
  return `${escapeField(field)}:[${from} TO ${to}]`;
}

export function isAtLeast(field: string, least: number): string {
  return `${escapeField(field)}:>=${least}`;
}

export function exists(field: string): string {
  return `_exists_:${escapeField(field)}`;
}

export function allOf(...queries: readonly string[]): string {
  return `(${queries.join(' AND ')})`;
}

export function anyOf(...queries: readonly string[]): string {
  return `(${queries.join(' OR ')})`;
}

/** What matches the first query and none of the others. */
export function without(query: string, ...others: readonly string[]): string {
  return allOf(query, ...others.map((other) => `NOT ${other}`));
}

/** Names such as `cs(User-Agent)`. */
function escapeField(name: string): string {
  return name.replace(/[^\w.@-]/g, '\\$&');
}
