import { lineColumns, placeColumns } from './object-place.ts';

/**
 * The columns of `requests`, the one wide table for every HTTP access log. Formats name these columns as the targets of
 * their fields, layouts compile to them, and the store makes the table from them.
 */

export interface Column {
  /** ClickHouse type. `Nullable` only where "not logged" must differ from zero. */
  readonly type: string;
  readonly codec: string;
  /** What the column holds, with its unit; becomes the column's comment and part of the reference documentation. */
  readonly comment: string;
}

const token = (comment: string): Column => ({ type: 'LowCardinality(String)', codec: 'ZSTD(1)', comment });
const text = (comment: string): Column => ({ type: 'String', codec: 'ZSTD(3)', comment });
const number = (type: string, comment: string): Column => ({ type, codec: 'T64, ZSTD(1)', comment });
/** Values that repeat as a whole, which T64 would take apart. */
const repeated = (type: string, comment: string): Column => ({ type, codec: 'ZSTD(1)', comment });
const seconds = (comment: string): Column => ({ type: 'Nullable(Float32)', codec: 'ZSTD(4)', comment });

/** Filled from fields of the log itself. */
export const loggedColumns = {
  time: {
    type: "DateTime64(3, 'UTC')",
    // Most logs have whole seconds: without GCD each of them costs a byte more.
    codec: 'GCD, Delta(8), ZSTD(1)',
    comment: 'When the response ended (CloudFront logs the end, not the start)',
  },
  request_id: text('The request’s id, as in the response header x-amz-cf-id'),
  client_ip: text('Address of the viewer, or of the proxy nearest to the edge'),
  client_port: repeated('Nullable(UInt16)', 'Port of the viewer'),
  method: token('HTTP method'),
  scheme: token('http, https, ws, wss or grpcs'),
  host: token('The Host header that the viewer sent'),
  distribution_domain: token('Domain name of the distribution, e.g. d111111abcdef8.cloudfront.net'),
  path: text('Path of the URL, percent-decoded once, without the query'),
  query: text('Query string as the viewer sent it (log escaping undone once), without the question mark'),
  status: number('UInt16', 'HTTP status; 0 when the viewer left before any response'),
  result: token('What happened by the last byte: Hit, RefreshHit, Miss, Error, Redirect …'),
  response_result: token('What was decided at the first byte; differs from result when the viewer left mid-download'),
  detailed_result: token('Like result, but names the cause of an error'),
  bytes_sent: number('UInt64', 'Bytes sent to the viewer, headers included'),
  bytes_received: number('UInt64', 'Bytes received from the viewer, headers included'),
  duration: seconds('Seconds from the request’s arrival to the last byte'),
  ttfb: seconds('Seconds from the request’s arrival to the first byte written'),
  origin_fbl: seconds('Seconds until the first byte from the origin; empty for cache hits'),
  origin_lbl: seconds('Seconds until the last byte from the origin; empty for cache hits'),
  edge_location: token('Code of the edge location, e.g. FRA56-P4; its first three letters are an airport’s'),
  country: token('ISO 3166 alpha-2 code of the viewer’s country'),
  asn: number('UInt32', 'Autonomous system number of the viewer’s network; 0 when not known'),
  user_agent: token('User agent, decoded'),
  referer: text('Referer, decoded'),
  cookie: text('Cookie header, when cookie logging is on'),
  forwarded_for: text('X-Forwarded-For header'),
  http_version: token('HTTP/1.1, HTTP/2.0, HTTP/3.0 …'),
  tls_protocol: token('TLS version'),
  tls_cipher: token('TLS cipher'),
  content_type: token('Content-Type of the response'),
  content_length: number('Nullable(UInt64)', 'Content-Length of the response, bytes'),
  range_start: repeated('Nullable(UInt64)', 'First byte of the range asked for'),
  range_end: repeated('Nullable(UInt64)', 'Last byte of the range asked for'),
  cache_behavior: token('Path pattern of the cache behavior that matched'),
  fle_status: token('Field-level encryption: result code'),
  fle_encrypted_fields: number('Nullable(UInt32)', 'Field-level encryption: number of fields'),
  tenant: token('Distribution tenant id'),
  connection_id: text('Id of the TLS connection (mutual TLS only)'),
} as const satisfies Record<string, Column>;

/** Filled by the layout from the origin and kind of the line. */
export const originColumns = {
  source_format: token('Format that the line was parsed with'),
  distribution: token('Distribution id from the object’s name, else the distribution’s domain'),
  filename: token('Name of the object that held the line'),
  ...placeColumns,
  sampling_rate: number('UInt8', 'Per cent of the requests that are logged; counts are scaled by 100 / sampling_rate'),
  batch: { type: 'UInt64', codec: 'Delta(8), ZSTD(1)', comment: 'The batch that stored the line; see ledger' },
  extra: {
    type: 'Map(LowCardinality(String), String)',
    codec: 'ZSTD(1)',
    comment: 'Every field that has no column of its own',
  },
} as const satisfies Record<string, Column>;

/** Derived by the engine from other columns at insert. */
export const enrichedColumns = {
  browser: token('Browser family (uap-core)'),
  browser_version: token('Browser version'),
  os: token('Operating system family (uap-core)'),
  os_version: token('Operating system version'),
  device: token('Device family (uap-core)'),
  device_class: token('desktop, mobile, tablet, tv, bot or other'),
  is_bot: repeated('Bool', 'Whether the user agent declares a crawler, tool or library'),
  bot: token('Name of the bot, empty for people'),
  bot_category: token('Kind of the bot, e.g. ai-crawler, search-engine, http-library'),
} as const satisfies Record<string, Column>;

export type LoggedColumn = keyof typeof loggedColumns;

/** All stored columns of `requests`, in table order. */
export const requestColumns: Readonly<Record<string, Column>> = {
  ...loggedColumns,
  ...originColumns,
  ...lineColumns,
  ...enrichedColumns,
};
