import { statusPhrases } from './status-phrases.ts';

const countries = new Intl.DisplayNames(['en'], { type: 'region', fallback: 'none' });

/** What an empty value of a column means to people. */
export function nameOfNothing(column: string): string {
  return notLogged.has(column) ? '(not logged)' : '(none)';
}

const notLogged = new Set(['country', 'edge_location', 'result', 'client_ip']);

/** A name for a code that few people know by heart: `DE`, `502`. Null when there is none to add. */
export function describeValue(column: string, value: string): string | null {
  if (column === 'country' && /^[A-Z]{2}$/.test(value)) return countries.of(value) ?? null;
  if (column === 'status' || column === 'status_code') return statusPhrases[value] ?? null;
  return null;
}
