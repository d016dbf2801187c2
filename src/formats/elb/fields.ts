import type { Field } from '../format.ts';

const time = '^[0-9]{4}-[0-9]{2}-[0-9]{2}T[0-9:]{8}[.0-9]*Z?$';
const seconds = '^(-1|[0-9]+([.][0-9]+)?)$';
const address = '^[0-9A-Fa-fxX*.:\\[\\]]+:[0-9]+$';

/**
 * Classic Load Balancer access logs, in order; the last three came in 2014.
 * https://docs.aws.amazon.com/elasticloadbalancing/latest/classic/access-log-collection.html
 */
export const fields: readonly Field[] = [
  { name: 'time', type: 'iso-time', pattern: time },
  { name: 'elb', type: 'token' },
  { name: 'client:port', type: 'address', column: 'client_ip', pattern: address },
  { name: 'backend:port', type: 'address' },
  { name: 'request_processing_time', type: 'seconds', pattern: seconds },
  { name: 'backend_processing_time', type: 'seconds', pattern: seconds },
  { name: 'response_processing_time', type: 'seconds', pattern: seconds },
  { name: 'elb_status_code', type: 'integer', column: 'status', pattern: '^[0-9]{3}$' },
  { name: 'backend_status_code', type: 'integer' },
  { name: 'received_bytes', type: 'integer', column: 'bytes_received' },
  { name: 'sent_bytes', type: 'integer', column: 'bytes_sent' },
  { name: 'request', type: 'request-line', encoding: 'backslash' },
  { name: 'user_agent', type: 'token', column: 'user_agent', encoding: 'backslash' },
  { name: 'ssl_cipher', type: 'token', column: 'tls_cipher', pattern: '^[A-Za-z0-9_-]+$' },
  { name: 'ssl_protocol', type: 'token', column: 'tls_protocol', pattern: '^(TLS|SSL)v[0-9.]+$' },
];
