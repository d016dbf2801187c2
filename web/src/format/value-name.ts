import { statusPhrases } from './status-phrases.ts';

const countries = new Intl.DisplayNames(['en'], { type: 'region', fallback: 'none' });

/** Display name of an empty value, by column. */
export function nameOfNothing(column: string): string {
  return notLogged.has(column) ? '(not logged)' : '(none)';
}

const notLogged = new Set(['country', 'edge_location', 'result', 'client_ip']);

/** The name of a code such as `DE` or `502`. Null when it has none. */
export function describeValue(column: string, value: string): string | null {
  if (column === 'country' && /^[A-Z]{2}$/.test(value)) return countries.of(value) ?? null;
  if (column === 'status' || column === 'status_code') return statusPhrases[value] ?? null;
  return null;
}
