import type { Field } from '../format.ts';

const time = '^[0-9]{4}-[0-9]{2}-[0-9]{2}T[0-9:]{8}[.0-9]*Z?$';
const address = '^[0-9A-Fa-fxX*.:\\[\\]]+:[0-9]+$';

/**
 * Network Load Balancer access logs, in order; only TLS listeners write them, one line a connection.
 * https://docs.aws.amazon.com/elasticloadbalancing/latest/network/load-balancer-access-logs.html
 */
export const fields: readonly Field[] = [
  { name: 'type', type: 'token', pattern: '^tls$' },
  { name: 'version', type: 'token', pattern: '^[0-9.]+$' },
  { name: 'time', type: 'iso-time', pattern: time },
  { name: 'elb', type: 'token', pattern: '^net/' },
  { name: 'listener', type: 'token' },
  { name: 'client:port', type: 'address', column: 'client_ip', pattern: address },
  { name: 'destination:port', type: 'address' },
  { name: 'connection_time', type: 'milliseconds', column: 'duration' },
  { name: 'tls_handshake_time', type: 'milliseconds' },
  { name: 'received_bytes', type: 'integer', column: 'bytes_received' },
  { name: 'sent_bytes', type: 'integer', column: 'bytes_sent' },
  { name: 'incoming_tls_alert', type: 'token' },
  { name: 'chosen_cert_arn', type: 'token' },
  { name: 'chosen_cert_serial', type: 'token' },
  { name: 'tls_cipher', type: 'token', column: 'tls_cipher' },
  { name: 'tls_protocol_version', type: 'token', column: 'tls_protocol', pattern: '^(tls|ssl)v[0-9.]+$' },
  { name: 'tls_keyexchange', type: 'token' },
  { name: 'domain_name', type: 'token', column: 'host', encoding: 'percent' },
  { name: 'alpn_fe_protocol', type: 'token' },
  { name: 'alpn_be_protocol', type: 'token' },
  { name: 'alpn_client_preference_list', type: 'text', encoding: 'quoted-list' },
  { name: 'tls_connection_creation_time', type: 'text' },
];
