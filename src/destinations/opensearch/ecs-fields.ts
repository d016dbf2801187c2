import type { ShippedTable } from '../destination.ts';
import type { DocumentField } from './document-field.ts';

/** A name for the values of a column, or a field that is made of them. */
type Named = string | DocumentField;

/** What has no name in the schema is below this one, as it asks of others' fields. */
const own = 'tailrace';

const text = (name: string, sql: string): DocumentField => ({ name, sql, type: 'Nullable(String)', kind: 'keyword' });

const version = '8.11.0';

const dataset = `if(startsWith(source_format, 'cloudfront'), 'aws.cloudfront_logs', source_format)`;
const ofEvery: Readonly<Record<string, readonly Named[]>> = {
  time: ['@timestamp'],
  source_format: [`${own}.source_format`, text('event.dataset', dataset), text('data_stream.dataset', dataset)],
};

const ofPlace: Readonly<Record<string, readonly Named[]>> = {
  bucket: ['aws.s3.bucket.name'],
  filename: [`${own}.filename`, text('aws.s3.object.key', `if(bucket = '', NULL, concat(key_folder, filename))`)],
  account: ['cloud.account.id'],
  region: ['cloud.region'],
};

/**
 * Names of the Elastic Common Schema, and where it has none those of Elastic's integration for CloudFront.
 * https://www.elastic.co/docs/reference/ecs https://www.elastic.co/docs/reference/integrations/aws/cloudfront
 */
const names: Readonly<Record<ShippedTable, Readonly<Record<string, readonly Named[]>>>> = {
  requests: {
    ...ofEvery,
    ...ofPlace,
    request_id: ['http.request.id', 'event.id'],
    client_ip: ['source.ip', 'client.ip'],
    client_port: ['source.port', 'client.port'],
    method: ['http.request.method'],
    scheme: ['url.scheme', 'network.protocol'],
    host: ['url.domain', 'destination.domain'],
    distribution_domain: ['aws.cloudfront.domain'],
    path: ['url.path'],
    query: ['url.query'],
    status: ['http.response.status_code', text('event.outcome', `if(status BETWEEN 1 AND 399, 'success', 'failure')`)],
    result: ['aws.cloudfront.edge_result_type'],
    response_result: ['aws.cloudfront.edge_response_result_type'],
    detailed_result: ['aws.cloudfront.edge_detailed_result_type'],
    bytes_sent: ['http.response.bytes'],
    bytes_received: ['http.request.bytes'],
    duration: [
      // Nanoseconds; a float has no more than microseconds of them.
      {
        name: 'event.duration',
        sql: 'toUInt64(round(if(duration < 0, 0, duration) * 1e6) * 1000)',
        type: 'Nullable(UInt64)',
        kind: 'long',
      },
    ],
    ttfb: ['aws.cloudfront.time_to_first_byte'],
    edge_location: ['aws.cloudfront.edge_location'],
    country: ['source.geo.country_iso_code', 'client.geo.country_iso_code'],
    asn: ['source.as.number', 'client.as.number'],
    user_agent: ['user_agent.original'],
    browser: ['user_agent.name'],
    browser_version: ['user_agent.version'],
    os: ['user_agent.os.name'],
    os_version: ['user_agent.os.version'],
    device: ['user_agent.device.name'],
    referer: ['http.request.referrer'],
    cookie: ['aws.cloudfront.cookies'],
    http_version: [text('http.version', `nullIf(replaceRegexpOne(http_version, '^HTTP/', ''), '')`)],
    tls_protocol: [
      text('tls.version', `nullIf(replaceRegexpOne(tls_protocol, '^[A-Za-z]+v', ''), '')`),
      text('tls.version_protocol', `nullIf(lower(extract(tls_protocol, '^([A-Za-z]+)v')), '')`),
    ],
    tls_cipher: ['tls.cipher'],
    content_type: ['http.response.mime_type'],
    content_length: ['http.response.body.bytes'],
    range_start: ['aws.cloudfront.range_start'],
    range_end: ['aws.cloudfront.range_end'],
    fle_status: ['aws.cloudfront.fle_status'],
    fle_encrypted_fields: ['aws.cloudfront.fle_encrypted_fields'],
  },
  logs: {
    ...ofEvery,
    ...ofPlace,
    level: ['log.level'],
    logger: ['log.logger'],
    message: ['message'],
    service: ['service.name'],
    host: ['host.name'],
    request_id: ['http.request.id'],
    trace_id: ['trace.id'],
    event_id: ['event.id'],
  },
  rejects: { ...ofEvery, origin: ['log.file.path'], reason: ['error.message'], line: ['event.original'] },
};

const constants: Readonly<Record<ShippedTable, readonly DocumentField[]>> = {
  requests: [
    text('ecs.version', `'${version}'`),
    text('event.kind', `'event'`),
    { name: 'event.category', sql: `['web']`, type: 'Array(String)', kind: 'keyword' },
    { name: 'event.type', sql: `['access']`, type: 'Array(String)', kind: 'keyword' },
    text('cloud.provider', `if(startsWith(source_format, 'cloudfront') OR region != '', 'aws', NULL)`),
  ],
  logs: [text('ecs.version', `'${version}'`), text('event.kind', `'event'`)],
  rejects: [text('ecs.version', `'${version}'`), text('event.kind', `'pipeline_error'`)],
};

/** @param fields as the columns are named */
export function ecsFields(table: ShippedTable, fields: readonly DocumentField[]): readonly DocumentField[] {
  const named = fields.flatMap((field) =>
    (names[table][field.name] ?? [`${own}.${field.name}`]).map((name) =>
      typeof name === 'string' ? { ...field, name } : name,
    ),
  );
  return [...named, ...constants[table]];
}
