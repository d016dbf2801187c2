import { readFileSync } from 'node:fs';
import { expect, test } from 'vitest';

/**
 * Other projects' expectations for the same logs (`testdata/*.oracle.json`, sources in their README), compared
 * with ours: an independent check of what `golden.test.ts` compares with.
 */
type Row = Readonly<Record<string, unknown>>;

function ours(path: string): Map<unknown, Row> {
  const lines = read(`${path}.expected.ndjson`).trim().split('\n');
  const rows = lines.map((line) => JSON.parse(line) as { row?: Row }).flatMap(({ row }): Row[] => (row ? [row] : []));
  return new Map(rows.map((row): [unknown, Row] => [row.request_id, row]));
}

function theirs<T>(path: string): T {
  return JSON.parse(read(`${path}.oracle.json`)) as T;
}

function read(path: string): string {
  return readFileSync(new URL(path, import.meta.url), 'utf8');
}

const nothing = (value: unknown) => (value === '-' ? undefined : value);

test('opensearch-catalog: 13 parsed documents', () => {
  const path = 'cloudfront-standard/testdata/real-2023-33-fields';
  const documents = theirs<{ aws: { cloudfront: Row } }[]>(path).map(({ aws }) => aws.cloudfront);
  expect(documents).toHaveLength(13);
  for (const document of documents) {
    const row = ours(path).get(document['x-edge-request-id']);
    // Their client address is anonymised, and one of their ports is another line's.
    expect(row).toMatchObject({
      edge_location: document['x-edge-location'],
      bytes_sent: document['sc-bytes'],
      method: document['cs-method'],
      distribution_domain: document['cs-host'],
      path: document['cs-uri-stem'],
      status: document['sc-status'],
      result: document['x-edge-result-type'],
      host: document['x-host-header'],
      scheme: document['cs-protocol'],
      bytes_received: document['cs-bytes'],
      duration: document['time-taken'],
      tls_protocol: document['ssl-protocol'],
      tls_cipher: document['ssl-cipher'],
      response_result: document['x-edge-response-result-type'],
      http_version: document['cs-protocol-version'],
      ttfb: document['time-to-first-byte'],
      detailed_result: document['x-edge-detailed-result-type'],
    });
    // They leave the log's escaping in place.
    expect(row?.user_agent).toBe(decodeURIComponent(String(document['cs-user-agent'])));
    expect(row?.query).toBe(nothing(document['cs-uri-query']));
    expect(row?.content_type).toBe(nothing(document['sc-content-type'] ?? row?.content_type));
  }
});

interface Entry extends Row {
  readonly request: Row;
  readonly response: Row;
}

test('jSherz/cloudfront-logs-to-elasticsearch: 2 parsed entries', () => {
  const path = 'cloudfront-standard/testdata/real-2020-33-fields';
  const entries = theirs<Entry[]>(path);
  expect(entries).toHaveLength(2);
  for (const { request, response, ...entry } of entries) {
    const row = ours(path).get(entry.edgeRequestId);
    expect(row).toMatchObject({
      time: String(entry.date).replace('T', ' ').replace('Z', '.000'),
      detailed_result: entry.edgeDetailedResultType,
      edge_location: entry.edgeLocation,
      response_result: entry.edgeResponseResultType,
      result: entry.edgeResultType,
      bytes_received: request.bytes,
      distribution_domain: request.host,
      host: request.hostHeader,
      client_ip: request.ip,
      method: request.method,
      client_port: request.port,
      scheme: request.protocol,
      http_version: request.protocolVersion,
      tls_cipher: request.sslCipher,
      tls_protocol: request.sslProtocol,
      path: request.uriStem,
      bytes_sent: response.bytes,
      content_length: response.contentLen,
      content_type: response.contentType,
      status: response.status,
      duration: entry.timeTaken,
      ttfb: entry.timeToFirstByte,
    });
    // They decode a plus to a blank, wrongly: CloudFront does not escape it.
    expect(String(row?.user_agent).replace('+', ' ')).toBe(request.userAgent);
  }
});

test('aws-samples/aws-cloudfront-realtime-monitoring: a real-time record', () => {
  const path = 'cloudfront-realtime/testdata/real-2020-one-record';
  const record = theirs<Row>(path);
  expect(ours(path).get(record['x-edge-request-id'])).toMatchObject({
    time: '2020-10-14 03:38:58.145',
    client_ip: record['c-ip'],
    client_port: record['c-port'],
    method: record['cs-method'],
    scheme: record['cs-protocol'],
    host: record['cs-host'],
    distribution_domain: record['x-host-header'],
    path: record['cs-uri-stem'],
    status: record['sc-status'],
    bytes_sent: record['sc-bytes'],
    bytes_received: record['cs-bytes'],
    duration: record['time-taken'],
    ttfb: record['time-to-first-byte'],
    country: record['c-country'],
    content_type: record['sc-content-type'],
    content_length: record['sc-content-len'],
    cache_behavior: record['cache-behavior-path-pattern'],
    extra: { 'cs-headers-count': String(record['cs-headers-count']) },
  });
});
