import { addressPattern, encodedAddressListPattern } from '../address-patterns.ts';
import type { Field } from '../format.ts';

/** Everything else is percent-encoded. */
const visible = '^[!#-~]+$';
const hostName = '^[0-9A-Za-z_.:*%\\[\\]-]+$';
/** New values appear without notice. */
const result = '^[A-Z][0-9A-Za-z_-]+$';

/**
 * CloudFront standard logs, in the order of the legacy files, then the fields that only v2 offers.
 * https://docs.aws.amazon.com/AmazonCloudFront/latest/DeveloperGuide/standard-logs-reference.html
 */
export const fields: readonly Field[] = [
  { name: 'date', type: 'date' },
  { name: 'time', type: 'clock' },
  { name: 'x-edge-location', type: 'token', column: 'edge_location', pattern: '^[A-Z]{3}[0-9]+(-[A-Z0-9]+)?$' },
  { name: 'sc-bytes', type: 'integer', column: 'bytes_sent' },
  { name: 'c-ip', type: 'ip', column: 'client_ip', pattern: addressPattern },
  { name: 'cs-method', type: 'token', column: 'method', pattern: '^[A-Za-z][A-Za-z_-]*$' },
  { name: 'cs(Host)', type: 'token', column: 'distribution_domain', fallbackFor: 'host', pattern: hostName },
  { name: 'cs-uri-stem', type: 'text', column: 'path', encoding: 'percent', pattern: '[/*.]' },
  { name: 'sc-status', type: 'integer', column: 'status', pattern: '^[0-9]{3}$' },
  { name: 'cs(Referer)', type: 'text', column: 'referer', encoding: 'percent-twice-before-2020' },
  { name: 'cs(User-Agent)', type: 'token', column: 'user_agent', encoding: 'percent-twice-before-2020' },
  { name: 'cs-uri-query', type: 'text', column: 'query', encoding: 'percent' },
  { name: 'cs(Cookie)', type: 'text', column: 'cookie', encoding: 'percent' },
  { name: 'x-edge-result-type', type: 'token', column: 'result', pattern: result },
  { name: 'x-edge-request-id', type: 'text', column: 'request_id', pattern: '^[A-Za-z0-9_=-]+$' },
  { name: 'x-host-header', type: 'token', column: 'host', pattern: hostName },
  { name: 'cs-protocol', type: 'token', column: 'scheme', pattern: '^(https?|wss?|grpcs?)$' },
  { name: 'cs-bytes', type: 'integer', column: 'bytes_received' },
  { name: 'time-taken', type: 'seconds', column: 'duration' },
  // Viewers may send anything; a value that is not a list of addresses goes to `extra`.
  {
    name: 'x-forwarded-for',
    type: 'text',
    column: 'forwarded_for',
    encoding: 'percent',
    pattern: encodedAddressListPattern,
    isOptional: true,
  },
  { name: 'ssl-protocol', type: 'token', column: 'tls_protocol', pattern: '^(TLS|SSL)v[0-9.]+$' },
  { name: 'ssl-cipher', type: 'token', column: 'tls_cipher', pattern: '^[A-Z0-9_-]+$' },
  { name: 'x-edge-response-result-type', type: 'token', column: 'response_result', pattern: result },
  { name: 'cs-protocol-version', type: 'token', column: 'http_version', pattern: '^HTTP/[0-9.]+$' },
  { name: 'fle-status', type: 'token', column: 'fle_status', pattern: result },
  { name: 'fle-encrypted-fields', type: 'integer', column: 'fle_encrypted_fields' },
  { name: 'c-port', type: 'integer', column: 'client_port' },
  { name: 'time-to-first-byte', type: 'seconds', column: 'ttfb' },
  { name: 'x-edge-detailed-result-type', type: 'token', column: 'detailed_result', pattern: result },
  { name: 'sc-content-type', type: 'token', column: 'content_type', encoding: 'percent', pattern: visible },
  { name: 'sc-content-len', type: 'integer', column: 'content_length' },
  { name: 'sc-range-start', type: 'integer', column: 'range_start' },
  { name: 'sc-range-end', type: 'integer', column: 'range_end' },
  { name: 'distribution-tenant-id', type: 'token', column: 'tenant', pattern: visible },
  { name: 'connection-id', type: 'text', column: 'connection_id', pattern: visible },
  { name: 'timestamp(ms)', type: 'epoch-milliseconds' },
  { name: 'timestamp', type: 'epoch-seconds' },
  { name: 'origin-fbl', type: 'seconds', column: 'origin_fbl' },
  { name: 'origin-lbl', type: 'seconds', column: 'origin_lbl' },
  { name: 'asn', type: 'integer', column: 'asn' },
  { name: 'c-country', type: 'token', column: 'country', pattern: '^[A-Z]{2}$' },
  { name: 'cache-behavior-path-pattern', type: 'token', column: 'cache_behavior', encoding: 'percent' },
  { name: 'viewer-request-log-data', type: 'text', encoding: 'percent' },
  { name: 'viewer-response-log-data', type: 'text', encoding: 'percent' },
  { name: 'distributionid', type: 'token', pattern: visible },
];
