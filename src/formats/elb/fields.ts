import type { Field } from '../format.ts';
import {
  cipherPattern,
  endpointPattern,
  numberPattern,
  protocolPattern,
  requestPattern,
  secondsPattern,
  statusPattern,
  timePattern,
} from '../load-balancer-patterns.ts';

/**
 * Classic Load Balancer access logs, in order; the last three came in 2014.
 * https://docs.aws.amazon.com/elasticloadbalancing/latest/classic/access-log-collection.html
 */
export const fields: readonly Field[] = [
  { name: 'time', type: 'iso-time', pattern: timePattern },
  { name: 'elb', type: 'token', pattern: '^[0-9A-Za-z-]+$' },
  { name: 'client:port', type: 'address', column: 'client_ip', pattern: endpointPattern },
  { name: 'backend:port', type: 'address', pattern: endpointPattern },
  { name: 'request_processing_time', type: 'seconds', pattern: secondsPattern },
  { name: 'backend_processing_time', type: 'seconds', pattern: secondsPattern },
  { name: 'response_processing_time', type: 'seconds', pattern: secondsPattern },
  { name: 'elb_status_code', type: 'integer', column: 'status', pattern: statusPattern },
  { name: 'backend_status_code', type: 'integer', pattern: '^([0-9]{3}|0)$' },
  { name: 'received_bytes', type: 'integer', column: 'bytes_received', pattern: numberPattern },
  { name: 'sent_bytes', type: 'integer', column: 'bytes_sent', pattern: numberPattern },
  { name: 'request', type: 'request-line', encoding: 'backslash', pattern: requestPattern },
  { name: 'user_agent', type: 'token', column: 'user_agent', encoding: 'backslash' },
  { name: 'ssl_cipher', type: 'token', column: 'tls_cipher', pattern: cipherPattern },
  { name: 'ssl_protocol', type: 'token', column: 'tls_protocol', pattern: protocolPattern },
];
