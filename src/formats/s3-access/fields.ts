import { addressPattern } from '../address-patterns.ts';
import type { Field } from '../format.ts';

const number = '^[0-9]+$';
/** Without the end of a time, which shows the rest of another, torn line. */
const oneRequest = '^([^\\]]|\\][^ ])*$';

/**
 * S3 server access logs, in order; those after `version_id` were appended over the years.
 * https://docs.aws.amazon.com/AmazonS3/latest/userguide/LogFormat.html
 */
export const fields: readonly Field[] = [
  { name: 'bucket_owner', type: 'token', pattern: '^[0-9A-Za-z]+$' },
  { name: 'bucket', type: 'token' },
  { name: 'time', type: 'clf-time' },
  { name: 'remote_ip', type: 'ip', column: 'client_ip', pattern: addressPattern },
  { name: 'requester', type: 'token' },
  { name: 'request_id', type: 'text', column: 'request_id', pattern: '^[0-9A-Za-z]+$' },
  { name: 'operation', type: 'token', pattern: '^[A-Z0-9]+[.][A-Za-z0-9._]+$' },
  { name: 'key', type: 'text' },
  { name: 'request_uri', type: 'request-line', pattern: oneRequest },
  { name: 'http_status', type: 'integer', column: 'status', pattern: '^[1-9][0-9]{2}$' },
  { name: 'error_code', type: 'token', column: 'detailed_result', pattern: '^[A-Z][0-9A-Za-z]*[a-z][0-9A-Za-z]*$' },
  { name: 'bytes_sent', type: 'integer', column: 'bytes_sent', pattern: number },
  { name: 'object_size', type: 'integer', pattern: number },
  { name: 'total_time', type: 'milliseconds', column: 'duration', pattern: number },
  { name: 'turn_around_time', type: 'milliseconds', column: 'ttfb', pattern: number },
  { name: 'referer', type: 'text', column: 'referer' },
  { name: 'user_agent', type: 'token', column: 'user_agent' },
  { name: 'version_id', type: 'token' },
  { name: 'host_id', type: 'text', pattern: '^[0-9A-Za-z+/=]+$' },
  { name: 'signature_version', type: 'token', pattern: '^SigV[0-9A-Za-z]+$' },
  { name: 'cipher_suite', type: 'token', column: 'tls_cipher', pattern: '^[0-9A-Za-z]+[_-][0-9A-Za-z_-]+$' },
  { name: 'authentication_type', type: 'token', pattern: '^(AuthHeader|QueryString)$' },
  {
    name: 'host_header',
    type: 'token',
    column: 'host',
    pattern: '^([0-9A-Za-z_*-]+[.])+[A-Za-z][0-9A-Za-z-]*(:[0-9]{1,5})?$',
  },
  { name: 'tls_version', type: 'token', column: 'tls_protocol', pattern: '^(TLS|SSL)[vV][0-9.]+$' },
  { name: 'access_point_arn', type: 'token', pattern: '^arn:' },
  { name: 'acl_required', type: 'token', pattern: '^(Yes|No)$' },
  { name: 'source_region', type: 'token', pattern: '^[a-z]+(-[a-z]+)+-[0-9]+$' },
];
