import { addressPattern } from '../address-patterns.ts';
import type { Field } from '../format.ts';

const port = '^[0-9]{1,5}$';

/**
 * Application Load Balancer connection logs, in order: 12 fields in 2023, 15 in 2026.
 * https://docs.aws.amazon.com/elasticloadbalancing/latest/application/load-balancer-connection-logs.html
 */
export const fields: readonly Field[] = [
  { name: 'timestamp', type: 'iso-time', pattern: '^[0-9-]{10}T[0-9:]{8}[.0-9]*Z$' },
  { name: 'client_ip', type: 'ip', pattern: addressPattern },
  { name: 'client_port', type: 'integer', pattern: port },
  { name: 'listener_port', type: 'integer', pattern: port },
  { name: 'tls_protocol', type: 'token', pattern: '^(TLS|SSL)v[0-9.]+$' },
  { name: 'tls_cipher', type: 'token', pattern: '^[A-Za-z0-9_-]+$' },
  { name: 'tls_handshake_latency', type: 'seconds', pattern: '^[0-9]+([.][0-9]+)?$' },
  { name: 'leaf_client_cert_subject', type: 'text', encoding: 'backslash' },
  { name: 'leaf_client_cert_validity', type: 'text', pattern: '^NotBefore=.*;NotAfter=' },
  { name: 'leaf_client_cert_serial_number', type: 'text', pattern: '^[0-9A-Fa-f:]+$' },
  { name: 'tls_verify_status', type: 'token', pattern: '^(Success|Failed(:[A-Za-z]+)?)$' },
  { name: 'conn_trace_id', type: 'text', pattern: '^TID_[0-9A-Za-z]+$' },
  { name: 'tls_keyexchange', type: 'token', pattern: '^[0-9A-Za-z-]+$' },
  { name: 'elb', type: 'token', pattern: '^[a-z]+/' },
  { name: 'ip_address', type: 'ip', pattern: addressPattern },
];
