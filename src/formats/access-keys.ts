import { addressListPattern, endpointPattern, hostPattern } from './address-patterns.ts';
import type { Encoding, Field } from './format.ts';
import { timePattern } from './logs/time-forms.ts';

const number = '^[0-9]{1,18}$';
const port = '^([0-9]{1,4}|[1-5][0-9]{4}|6[0-4][0-9]{3}|65[0-4][0-9]{2}|655[0-2][0-9]|6553[0-5])$';
const decimal = '^[0-9]+([.][0-9]+)?([eE]-?[0-9]+)?$';
/** Where a name may also mean milliseconds, a decimal point marks seconds. */
const point = '^[0-9]+[.][0-9]+([eE]-?[0-9]+)?$';
/** Neither an object nor a list, which have another meaning under the same name. */
const text = '^[^{[]';
const inRequest = [{ field: 'request' }];

const isTimed = (names: readonly string[]) => names.map((field) => ({ field }));

/**
 * Fields of a request in keyed access logs, independent of their names, which {@link accessFields} adds. A value
 * must match its pattern, so that a name with another meaning in some log fills no column.
 */
const meanings = {
  time: { type: 'any-time', pattern: `${timePattern}|^\\[[0-9]{2}/[A-Z][a-z]{2}/[0-9]{4}:[0-9:]{8} [+-][0-9]{4}\\]$` },
  // Takes precedence over the host of an absolute URL.
  host: { type: 'token', column: 'host', pattern: hostPattern },
  scheme: { type: 'token', column: 'scheme', pattern: '^(https?|wss?|grpcs?)$' },
  request: { type: 'request-line', pattern: '^[A-Z][A-Z_-]* +[^ ]' },
  url: { type: 'url', pattern: '^([/*]|[A-Za-z][A-Za-z0-9+.-]*://)', unless: inRequest },
  /** A gateway's route pattern; not the URL. */
  route: { type: 'text' },
  method: { type: 'token', column: 'method', pattern: '^[A-Z][A-Z_-]+$', unless: inRequest },
  query: {
    type: 'text',
    column: 'query',
    pattern: text,
    unless: [...inRequest, { field: 'url', pattern: '[?]' }],
  },
  client: { type: 'forwarded-address', pattern: endpointPattern },
  client_port: {
    type: 'integer',
    column: 'client_port',
    pattern: port,
    unless: [{ field: 'client', pattern: '^[0-9.]+:[0-9]+$|\\]:[0-9]+$' }],
  },
  status: { type: 'integer', column: 'status', pattern: '^([1-9][0-9]{2}|0|000)$' },
  bytes_sent: { type: 'integer', column: 'bytes_sent', pattern: number },
  bytes_received: { type: 'integer', column: 'bytes_received', pattern: number },
  duration: { type: 'seconds', column: 'duration', pattern: decimal },
  duration_point: { type: 'seconds', column: 'duration', pattern: point, unless: isTimed(['duration']) },
  duration_ms: {
    type: 'milliseconds',
    column: 'duration',
    pattern: decimal,
    unless: isTimed(['duration', 'duration_point']),
  },
  duration_us: {
    type: 'microseconds',
    column: 'duration',
    pattern: decimal,
    unless: isTimed(['duration', 'duration_point', 'duration_ms']),
  },
  duration_ns: {
    type: 'nanoseconds',
    column: 'duration',
    pattern: decimal,
    unless: isTimed(['duration', 'duration_point', 'duration_ms', 'duration_us']),
  },
  duration_written: {
    type: 'written-duration',
    column: 'duration',
    pattern: '^[0-9]+([.][0-9]+)?(ns|us|µs|ms|s)$',
    unless: isTimed(['duration', 'duration_point', 'duration_ms', 'duration_us', 'duration_ns']),
  },
  origin_fbl: { type: 'seconds', column: 'origin_fbl', pattern: point },
  origin_fbl_ms: { type: 'milliseconds', column: 'origin_fbl', pattern: decimal, unless: isTimed(['origin_fbl']) },
  origin_lbl: { type: 'seconds', column: 'origin_lbl', pattern: point },
  origin_lbl_ms: { type: 'milliseconds', column: 'origin_lbl', pattern: decimal, unless: isTimed(['origin_lbl']) },
  origin_lbl_ns: {
    type: 'nanoseconds',
    column: 'origin_lbl',
    pattern: decimal,
    unless: isTimed(['origin_lbl', 'origin_lbl_ms']),
  },
  user_agent: { type: 'token', column: 'user_agent', pattern: text },
  referer: { type: 'text', column: 'referer', pattern: text },
  cookie: { type: 'text', column: 'cookie', pattern: text },
  forwarded_for: {
    type: 'text',
    column: 'forwarded_for',
    pattern: addressListPattern,
    unless: [{ field: 'client', pattern: ',' }],
  },
  http_version: {
    type: 'token',
    column: 'http_version',
    pattern: '^HTTP/[0-9.]+$',
    unless: [{ field: 'request', pattern: ' HTTP/[0-9.]+$' }],
  },
  tls_protocol: { type: 'token', column: 'tls_protocol', pattern: '^(TLS|SSL)v[0-9.]+$' },
  tls_cipher: { type: 'token', column: 'tls_cipher', pattern: '^[A-Z0-9]+([_-][A-Za-z0-9]+)+$' },
  content_type: { type: 'token', column: 'content_type', pattern: '^[a-zA-Z]+/' },
  content_length: { type: 'integer', column: 'content_length', pattern: number },
  request_id: { type: 'text', column: 'request_id', pattern: text },
  country: { type: 'token', column: 'country', pattern: '^[A-Z]{2}$' },
  asn: { type: 'integer', column: 'asn', pattern: '^[0-9]{1,9}$' },
} as const satisfies Record<string, Omit<Field, 'name'>>;

export type Meaning = keyof typeof meanings;

/** A format's differences from {@link meanings} in a field. */
export type FieldChange = Partial<Pick<Field, 'encoding' | 'names' | 'pattern'>>;

/**
 * The field table of a format, from its names for each meaning.
 * @param changes what the format writes differently
 */
export function accessFields(
  keys: Readonly<Partial<Record<Meaning, readonly string[]>>>,
  changes: Readonly<Partial<Record<Meaning, FieldChange>>> = {},
): Field[] {
  return Object.entries(meanings).flatMap(([name, meaning]): Field[] => {
    const own = keys[name as Meaning];
    return own ? [{ name, ...meaning, ...changes[name as Meaning], keys: own }] : [];
  });
}

/** Encodings of all values sent by the viewer. */
export function viewerTexts(encoding: Encoding): Readonly<Partial<Record<Meaning, FieldChange>>> {
  const texts = ['request', 'url', 'query', 'user_agent', 'referer', 'cookie'] as const;
  return Object.fromEntries(texts.map((name) => [name, { encoding }]));
}
