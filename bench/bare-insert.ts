import { type LoggedColumn, loggedColumns } from '../src/schema/requests.ts';

/** Each column, computed from the 33 fields of a CloudFront standard line; `raw` is the array of fields, 1-based. */
const expressions = {
  time: `toDateTime64(toDateTime(concat(raw[1], ' ', raw[2]), 'UTC'), 3, 'UTC')`,
  edge_location: token(3),
  bytes_sent: 'toUInt64OrZero(raw[4])',
  client_ip: 'raw[5]',
  method: token(6),
  distribution_domain: token(7),
  path: decoded(8),
  status: 'toUInt16OrZero(raw[9])',
  referer: decoded(10),
  user_agent: `decodeURLComponent(${token(11)})`,
  query: decoded(12),
  cookie: decoded(13),
  result: token(14),
  request_id: 'raw[15]',
  host: token(16),
  scheme: token(17),
  bytes_received: 'toUInt64OrZero(raw[18])',
  duration: 'toFloat32OrNull(raw[19])',
  forwarded_for: decoded(20),
  tls_protocol: token(21),
  tls_cipher: token(22),
  response_result: token(23),
  http_version: token(24),
  fle_status: token(25),
  fle_encrypted_fields: 'toUInt32OrNull(raw[26])',
  client_port: 'toUInt16OrNull(raw[27])',
  ttfb: 'toFloat32OrNull(raw[28])',
  detailed_result: token(29),
  content_type: `decodeURLComponent(${token(30)})`,
  content_length: 'toUInt64OrNull(raw[31])',
  range_start: 'toUInt64OrNull(raw[32])',
  range_end: 'toUInt64OrNull(raw[33])',
} satisfies Partial<Record<LoggedColumn, string>>;

export const bareColumns = Object.keys(expressions) as (keyof typeof expressions)[];

/** The columns of the store's `requests` that the lines fill, with its types, codecs, partitions and order. */
export const bareTable = `
  CREATE TABLE requests (
    ${bareColumns.map((name) => `${name} ${loggedColumns[name].type} CODEC(${loggedColumns[name].codec})`).join(',\n    ')}
  )
  ENGINE = MergeTree
  PARTITION BY toDate(time)
  ORDER BY (toStartOfHour(time), client_ip, time)`;

/**
 * The fastest of the variants tried (README.md). `pattern` is a path or a glob of gzipped files whose names have
 * none of the characters that need quoting: it becomes part of the statement, as `file()` takes no bound parameter.
 */
export function bareInsert(pattern: string): string {
  if (!/^[\w./*-]+$/.test(pattern)) {
    throw new Error(`cannot insert "${pattern}": not a plain path or glob; use files that bench/generate.ts wrote`);
  }
  return `
    INSERT INTO requests
    SELECT
      ${bareColumns.map((name) => `${expressions[name]} AS out_${name}`).join(',\n      ')}
    FROM (
      SELECT splitByChar('\\t', line) AS raw
      FROM file('${pattern}', 'LineAsString', 'line String', 'gzip')
      WHERE NOT startsWith(line, '#')
    )
    SETTINGS max_insert_threads = 2, min_insert_block_size_rows = 262144, min_insert_block_size_bytes = 0`;
}

function token(field: number): string {
  return `transform(toLowCardinality(raw[${field}]), ['-'], [''])`;
}

function decoded(field: number): string {
  return `decodeURLComponent(if(raw[${field}] = '-', '', raw[${field}]))`;
}
