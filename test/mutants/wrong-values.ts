import { isIP } from 'node:net';
import { levels } from '../../src/formats/logs/levels.ts';
import type { StatedTimes } from './stated-times.ts';
import type { Row, Rows } from './stored-rows.ts';

type Shape = (value: string) => boolean;

const matches =
  (pattern: RegExp): Shape =>
  (value) =>
    pattern.test(value);

const host = matches(/^[0-9A-Za-z_.:*%[\]-]+$/);
/**
 * Addresses with or without a port. The first of them are what the viewer sent, which may be any text without control
 * characters: to reject such a line would let viewers hide their requests.
 */
const addressList: Shape = (value) => {
  const all = value.split(',').map((one) => one.trim());
  return all.every((text) => /^[^\s\p{Cc}]+$/u.test(text)) && all.some(isAddress);
};

function isAddress(text: string): boolean {
  const bare = text.replace(/^\[(.*)\](:\d+)?$/, '$1').replace(/%[0-9A-Za-z._-]+$/, '');
  return isIP(bare) !== 0 || isIP(bare.replace(/:\d+$/, '')) !== 0 || /^[0-9xX*]{1,3}(\.[0-9xX*]{1,3}){3}/.test(bare);
}
const code = matches(/^[A-Z][0-9A-Za-z_-]+$/);
const id = matches(/^[!#-~]+$/);
/** No request of the corpora takes so long, and no status is less. */
const seconds: Shape = (value) => Number(value) < 100;

/** What a value of a column looks like that has a shape; written without a look at the patterns of the formats. */
const shapes: Readonly<Record<string, Shape>> = {
  // A name, or Envoy's socket of the host.
  client_ip: (value) => isIP(value) !== 0 || /^[0-9xX*]{1,3}(\.[0-9xX*]{1,3}){3}$|[.:]|^[a-z0-9-]+$|^\//.test(value),
  forwarded_for: addressList,
  client_port: matches(/^\d{1,5}$/),
  host,
  distribution_domain: host,
  method: matches(/^[A-Za-z][A-Za-z_-]{0,30}$/),
  scheme: matches(/^(https?|wss?|grpcs?|h2|tcp)$/),
  http_version: matches(/^HTTP\/[\d.]+$/),
  status: matches(/^(0|[1-9]\d\d)$/),
  result: code,
  response_result: code,
  detailed_result: code,
  fle_status: code,
  duration: seconds,
  ttfb: seconds,
  edge_location: matches(/^[A-Z]{3}\d+(-[A-Z0-9]+)?$/),
  country: matches(/^[A-Z]{2}$/),
  request_id: id,
  connection_id: id,
  tls_protocol: matches(/^(TLS|SSL|tls|ssl)v[0-9.]+$/),
  tls_cipher: matches(/^[0-9A-Za-z]+[_-][0-9A-Za-z_-]+$/),
  level: (value) => (levels as readonly string[]).includes(value),
};

/** The values of the sound lines, by column; of maps by `map.key`. */
export class KnownValues {
  readonly #byColumn = new Map<string, Set<string>>();
  readonly #columnsOf = new Map<string, Set<string>>();

  constructor(rows: Rows) {
    for (const { row } of rows.values()) {
      for (const [column, value] of valuesOf(row)) {
        add(this.#byColumn, column, value);
        add(this.#columnsOf, value, column);
      }
    }
  }

  /** Whether sound values of a column do not have its shape. */
  #isOdd(column: string): boolean {
    const shape = shapes[column];
    return shape !== undefined && [...(this.#byColumn.get(column) ?? [])].some((value) => !shape(value));
  }

  /** Problems of a row from a faulty line. @param stated the times that the lines state */
  problems(row: Row, stated: StatedTimes): string[] {
    return valuesOf(row).flatMap(([column, value]) => {
      if (this.#byColumn.get(column)?.has(value)) return [];
      if (column === 'time') {
        // The time of a damaged line may be unreadable, and then the row says so.
        const isKnown = value === 'now' ? row.time_from === 'arrival' : stated.has(value);
        return isKnown ? [] : [`time is ${value}`];
      }
      // Vendors' samples have placeholders, such as an id with blanks.
      const shape = this.#isOdd(column) ? undefined : shapes[column];
      if (shape && !shape(value)) return [`${column} is ${JSON.stringify(value)}`];
      const others = [...(this.#columnsOf.get(value) ?? [])].filter(
        (other) => !interchangeable(column, other) && !isPlaceholder(other, value),
      );
      return others.length > 0 && isTelling(value)
        ? [`${column} is ${JSON.stringify(value)}, a value of ${others}`]
        : [];
    });
  }
}

/** Short words and numbers may be anything's. */
function isTelling(value: string): boolean {
  return value.length > 5 && !/^-?[\d.]+$/.test(value);
}

/** A masked sample has a bare name as its path, which could as well be a host. */
function isPlaceholder(column: string, value: string): boolean {
  return column === 'path' && /^[\w.-]+$/.test(value);
}

/** Viewers may send anything. */
const free = ['user_agent', 'referer', 'query', 'cookie', 'path'];
/** Without a shape of their own. */
const anyWord = ['host', 'request_id', 'message'];
const groups: readonly (readonly string[])[] = [
  free,
  ['host', 'distribution_domain', 'client_ip'],
  ['client_ip', 'forwarded_for'],
  ['result', 'response_result', 'detailed_result'],
  // Two headers of the viewer, quoted and side by side: an agent may call itself by an address.
  ['user_agent', 'forwarded_for'],
  // Envoy quotes them side by side, and an id is any visible text.
  ['user_agent', 'request_id', 'host'],
  // Two words of syslog side by side.
  ['host', 'service'],
];

/** Whether nothing but its place tells a value of one column from one of the other. */
function interchangeable(one: string, other: string): boolean {
  if (isKept(one) || free.includes(one) || (anyWord.includes(one) && isKept(other))) return true;
  // The message of a line that is cut behind its time, or behind its service.
  if (one === 'message' && (other === 'time' || other === 'service')) return true;
  // Of unnamed values behind an access line the first one that lists addresses is that of nginx.
  if (one === 'forwarded_for' && /^extra\.field_\d+$/.test(other)) return true;
  return groups.some((group) => group.includes(one) && group.includes(other));
}

function isKept(name: string): boolean {
  return name.startsWith('extra.') || name.startsWith('attributes.');
}

function valuesOf(row: Row): [column: string, value: string][] {
  return Object.entries(row).flatMap(([column, value]): [string, string][] =>
    typeof value === 'object' && value !== null
      ? Object.entries(value).map(([key, inner]) => [`${column}.${key}`, String(inner)])
      : [[column, String(value)]],
  );
}

function add(map: Map<string, Set<string>>, key: string, value: string): void {
  const set = map.get(key) ?? new Set();
  map.set(key, set.add(value));
}
