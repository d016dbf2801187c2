import { encodedAddressListPattern } from '../address-patterns.ts';
import type { Field } from '../format.ts';

/** IPv4 or IPv6; masked addresses have x or * for digits. */
const address = '^([0-9xX*]{1,3}\\.){3}[0-9xX*]{1,3}$|^[0-9a-fA-FxX*]*:[0-9a-fA-FxX*:.]*$';

/** A name whose last label has a letter, which numbers of seconds and versions of TLS do not have; or an address. */
const hostName =
  '^(?:[A-Za-z0-9_.%-]*[A-Za-z][A-Za-z0-9_%-]*[.]?|[0-9]+([.][0-9]+){2,}|[0-9A-Fa-f.]*:[0-9A-Fa-f:.]+|\\[[0-9A-Fa-f:.]+\\])(?::[0-9]{1,5})?$';

/** The registered types, and those of S3 (`binary/octet-stream`) and of servers: agents have slashes, too. */
const contentType =
  '^(application|audio|binary|chemical|font|httpd|image|message|model|multipart|text|video|x-[a-z0-9-]+)/';

/**
 * What a path pattern may consist of, encoded or not; a list of headers has newlines.
 * https://docs.aws.amazon.com/AmazonCloudFront/latest/DeveloperGuide/DownloadDistValuesCacheBehavior.html
 */
const pathPattern = `^(?:[0-9A-Za-z_.*$/~"'@:+&?-]|%[2-7][0-9A-Fa-f])+$`;

/**
 * CloudFront real-time log fields, in the order of a record, which does not depend on the order in the configuration;
 * a configuration selects some, and the others are omitted without a trace.
 * https://docs.aws.amazon.com/AmazonCloudFront/latest/DeveloperGuide/real-time-logs.html#understand-real-time-log-config-fields
 */
export const fields: readonly Field[] = [
  { name: 'timestamp', type: 'epoch-seconds' },
  { name: 'c-ip', type: 'ip', column: 'client_ip', pattern: address },
  { name: 's-ip', type: 'ip', pattern: address },
  { name: 'time-to-first-byte', type: 'seconds', column: 'ttfb' },
  { name: 'sc-status', type: 'integer', column: 'status', pattern: '^[0-9]{3}$' },
  { name: 'sc-bytes', type: 'integer', column: 'bytes_sent' },
  { name: 'cs-method', type: 'token', column: 'method', pattern: '^[A-Z_-]+$' },
  { name: 'cs-protocol', type: 'token', column: 'scheme', pattern: '^(https?|wss?|grpcs?)$' },
  { name: 'cs-host', type: 'token', column: 'host', pattern: hostName },
  { name: 'cs-uri-stem', type: 'uri', column: 'path', encoding: 'percent', pattern: '^([/*]|https?:)' },
  { name: 'cs-bytes', type: 'integer', column: 'bytes_received' },
  { name: 'x-edge-location', type: 'token', column: 'edge_location', pattern: '^[A-Z]{3}[0-9]+(-[A-Z0-9]+)?$' },
  { name: 'x-edge-request-id', type: 'text', column: 'request_id', pattern: '^[A-Za-z0-9_=-]{16,}$' },
  { name: 'x-host-header', type: 'token', column: 'distribution_domain', pattern: hostName },
  { name: 'time-taken', type: 'seconds', column: 'duration' },
  { name: 'cs-protocol-version', type: 'token', column: 'http_version', pattern: '^HTTP/[0-9.]+$' },
  { name: 'c-ip-version', type: 'token', pattern: '^IPv[46]$' },
  { name: 'cs-user-agent', type: 'token', column: 'user_agent', encoding: 'percent-twice-before-2020' },
  { name: 'cs-referer', type: 'text', column: 'referer', encoding: 'percent-twice-before-2020' },
  { name: 'cs-cookie', type: 'text', column: 'cookie', encoding: 'percent' },
  { name: 'cs-uri-query', type: 'text', column: 'query', encoding: 'percent' },
  { name: 'x-edge-response-result-type', type: 'token', column: 'response_result', pattern: '^[A-Z][A-Za-z]+$' },
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
  { name: 'ssl-cipher', type: 'token', column: 'tls_cipher', pattern: '^[A-Z][A-Z0-9_-]+$' },
  { name: 'x-edge-result-type', type: 'token', column: 'result', pattern: '^[A-Z][A-Za-z]+$' },
  { name: 'fle-encrypted-fields', type: 'integer', column: 'fle_encrypted_fields' },
  { name: 'fle-status', type: 'token', column: 'fle_status', pattern: '^[A-Z][A-Za-z]+$' },
  // Origins may send anything, too.
  {
    name: 'sc-content-type',
    type: 'token',
    column: 'content_type',
    encoding: 'percent',
    pattern: contentType,
    isOptional: true,
  },
  { name: 'sc-content-len', type: 'integer', column: 'content_length' },
  { name: 'sc-range-start', type: 'integer', column: 'range_start' },
  { name: 'sc-range-end', type: 'integer', column: 'range_end' },
  { name: 'c-port', type: 'integer', column: 'client_port' },
  { name: 'x-edge-detailed-result-type', type: 'token', column: 'detailed_result', pattern: '^[A-Z][A-Za-z]+$' },
  { name: 'c-country', type: 'token', column: 'country', pattern: '^[A-Z]{2}$' },
  { name: 'cs-accept-encoding', type: 'text', encoding: 'percent' },
  { name: 'cs-accept', type: 'text', encoding: 'percent' },
  {
    name: 'cache-behavior-path-pattern',
    type: 'token',
    column: 'cache_behavior',
    encoding: 'percent',
    pattern: pathPattern,
  },
  // No number: the next field is one.
  { name: 'cs-headers', type: 'text', encoding: 'percent', pattern: '[A-Za-z%]' },
  { name: 'cs-header-names', type: 'text', encoding: 'percent', pattern: '[A-Za-z%]' },
  { name: 'cs-headers-count', type: 'integer' },
  { name: 'primary-distribution-id', type: 'token', pattern: '^[A-Z][A-Z0-9]{8,}$' },
  { name: 'primary-distribution-dns-name', type: 'token' },
  { name: 'origin-fbl', type: 'seconds', column: 'origin_fbl' },
  { name: 'origin-lbl', type: 'seconds', column: 'origin_lbl' },
  { name: 'asn', type: 'integer', column: 'asn' },
  { name: 'cmcd-encoded-bitrate', type: 'text', encoding: 'percent' },
  { name: 'cmcd-buffer-length', type: 'text', encoding: 'percent' },
  { name: 'cmcd-buffer-starvation', type: 'text', encoding: 'percent' },
  { name: 'cmcd-content-id', type: 'text', encoding: 'percent' },
  { name: 'cmcd-object-duration', type: 'text', encoding: 'percent' },
  { name: 'cmcd-deadline', type: 'text', encoding: 'percent' },
  { name: 'cmcd-measured-throughput', type: 'text', encoding: 'percent' },
  { name: 'cmcd-next-object-request', type: 'text', encoding: 'percent' },
  { name: 'cmcd-next-range-request', type: 'text', encoding: 'percent' },
  { name: 'cmcd-object-type', type: 'text', encoding: 'percent' },
  { name: 'cmcd-playback-rate', type: 'text', encoding: 'percent' },
  { name: 'cmcd-requested-maximum-throughput', type: 'text', encoding: 'percent' },
  { name: 'cmcd-streaming-format', type: 'text', encoding: 'percent' },
  { name: 'cmcd-session-id', type: 'text', encoding: 'percent' },
  { name: 'cmcd-stream-type', type: 'text', encoding: 'percent' },
  { name: 'cmcd-startup', type: 'text', encoding: 'percent' },
  { name: 'cmcd-top-bitrate', type: 'text', encoding: 'percent' },
  { name: 'cmcd-version', type: 'text', encoding: 'percent' },
  { name: 'r-host', type: 'token' },
  { name: 'sr-reason', type: 'token' },
  { name: 'x-edge-mqcs', type: 'integer' },
  { name: 'distribution-tenant-id', type: 'token', column: 'tenant' },
  { name: 'connection-id', type: 'text', column: 'connection_id', pattern: '^[!-~]+$' },
  { name: 'viewer-request-log-data', type: 'text', encoding: 'percent' },
  { name: 'viewer-response-log-data', type: 'text', encoding: 'percent' },
];
