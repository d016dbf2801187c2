import type { Field } from '../format.ts';

/**
 * S3 server access logs, in order; those behind `version_id` were appended over the years.
 * https://docs.aws.amazon.com/AmazonS3/latest/userguide/LogFormat.html
 */
export const fields: readonly Field[] = [
  { name: 'bucket_owner', type: 'token', pattern: '^[0-9A-Za-z]+$' },
  { name: 'bucket', type: 'token' },
  { name: 'time', type: 'clf-time' },
  { name: 'remote_ip', type: 'ip', column: 'client_ip' },
  { name: 'requester', type: 'token' },
  { name: 'request_id', type: 'text', column: 'request_id' },
  { name: 'operation', type: 'token', pattern: '^[A-Z0-9]+[.][A-Za-z0-9._]+$' },
  { name: 'key', type: 'text' },
  { name: 'request_uri', type: 'request-line' },
  { name: 'http_status', type: 'integer', column: 'status' },
  { name: 'error_code', type: 'token', column: 'detailed_result' },
  { name: 'bytes_sent', type: 'integer', column: 'bytes_sent' },
  { name: 'object_size', type: 'integer' },
  { name: 'total_time', type: 'milliseconds', column: 'duration' },
  { name: 'turn_around_time', type: 'milliseconds', column: 'ttfb' },
  { name: 'referer', type: 'text', column: 'referer' },
  { name: 'user_agent', type: 'token', column: 'user_agent' },
  { name: 'version_id', type: 'token' },
  { name: 'host_id', type: 'text' },
  { name: 'signature_version', type: 'token' },
  { name: 'cipher_suite', type: 'token', column: 'tls_cipher' },
  { name: 'authentication_type', type: 'token' },
  { name: 'host_header', type: 'token', column: 'host' },
  { name: 'tls_version', type: 'token', column: 'tls_protocol' },
  { name: 'access_point_arn', type: 'token' },
  { name: 'acl_required', type: 'token' },
  { name: 'source_region', type: 'token' },
];
