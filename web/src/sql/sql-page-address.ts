const prefix = '#/sql';

/** The statement is in the fragment (`#`): it is neither sent to the server with the page nor written to its log. */
export function sqlPageAddress(sql: string): string {
  return `${prefix}?q=${encodeURIComponent(sql)}`;
}

/** @returns null when the URL is of another page; empty text when it has no statement. */
export function readSqlPageAddress(hash: string): string | null {
  if (hash !== prefix && !hash.startsWith(`${prefix}?`)) return null;
  return new URLSearchParams(hash.slice(prefix.length)).get('q') ?? '';
}
