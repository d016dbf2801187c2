import type { Field } from '../format.ts';
import {
  cipherPattern,
  endpointPattern,
  hostNamePattern,
  numberPattern,
  protocolPattern,
  timePattern,
} from '../load-balancer-patterns.ts';

/**
 * Network Load Balancer access logs, in order; only TLS listeners write them, one line per connection.
 * https://docs.aws.amazon.com/elasticloadbalancing/latest/network/load-balancer-access-logs.html
 */
export const fields: readonly Field[] = [
  { name: 'type', type: 'token', pattern: '^tls$' },
  { name: 'version', type: 'token', pattern: '^[0-9.]+$' },
  { name: 'time', type: 'iso-time', pattern: timePattern },
  { name: 'elb', type: 'token', pattern: '^net/' },
  { name: 'listener', type: 'token', pattern: '^[0-9a-z]+$' },
  { name: 'client:port', type: 'address', column: 'client_ip', pattern: endpointPattern },
  { name: 'destination:port', type: 'address', pattern: endpointPattern },
  { name: 'connection_time', type: 'milliseconds', column: 'duration', pattern: numberPattern },
  { name: 'tls_handshake_time', type: 'milliseconds', pattern: numberPattern },
  { name: 'received_bytes', type: 'integer', column: 'bytes_received', pattern: numberPattern },
  { name: 'sent_bytes', type: 'integer', column: 'bytes_sent', pattern: numberPattern },
  { name: 'incoming_tls_alert', type: 'token', pattern: numberPattern },
  { name: 'chosen_cert_arn', type: 'token', pattern: '^arn:' },
  { name: 'chosen_cert_serial', type: 'token', pattern: '^[0-9A-Fa-f:]+$' },
  { name: 'tls_cipher', type: 'token', column: 'tls_cipher', pattern: cipherPattern },
  { name: 'tls_protocol_version', type: 'token', column: 'tls_protocol', pattern: protocolPattern },
  { name: 'tls_keyexchange', type: 'token', pattern: '^[0-9A-Za-z_.-]+$' },
  { name: 'domain_name', type: 'token', column: 'host', encoding: 'percent', pattern: hostNamePattern },
  { name: 'alpn_fe_protocol', type: 'token', pattern: '^[!-~]{1,32}$' },
  { name: 'alpn_be_protocol', type: 'token', pattern: '^[!-~]{1,32}$' },
  { name: 'alpn_client_preference_list', type: 'text', encoding: 'quoted-list' },
  { name: 'tls_connection_creation_time', type: 'text', pattern: timePattern },
];
