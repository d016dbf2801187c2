import { addressPattern } from '../address-patterns.ts';
import type { Field } from '../format.ts';

const event = (name: string, type: Field['type'], pattern?: string): Field => ({
  name: `event.${name}`,
  type,
  ...(pattern === undefined ? {} : { pattern }),
});

/**
 * AWS Network Firewall logs: the keys of an object; those within `event` are Suricata's, prefixed with their path.
 * https://docs.aws.amazon.com/network-firewall/latest/developerguide/firewall-logging-contents.html
 */
export const fields: readonly Field[] = [
  { name: 'firewall_name', type: 'token' },
  { name: 'availability_zone', type: 'token' },
  { name: 'event_timestamp', type: 'any-time' },
  { name: 'aws_category', type: 'text' },
  event('timestamp', 'any-time'),
  event('flow_id', 'text'),
  event('event_type', 'token', '^[a-z_]+$'),
  event('src_ip', 'ip', addressPattern),
  event('src_port', 'integer', '^[0-9]{1,5}$'),
  event('dest_ip', 'ip', addressPattern),
  event('dest_port', 'integer', '^[0-9]{1,5}$'),
  event('proto', 'token'),
  event('app_proto', 'token'),
  event('sni', 'token'),
  event('alert.action', 'token'),
  event('alert.signature_id', 'token'),
  event('alert.rev', 'token'),
  event('alert.gid', 'token'),
  event('alert.signature', 'text'),
  event('alert.category', 'text'),
  event('alert.severity', 'token'),
  event('alert.metadata', 'text'),
  event('netflow.pkts', 'integer', '^[0-9]+$'),
  event('netflow.bytes', 'integer', '^[0-9]+$'),
  event('netflow.start', 'text'),
  event('netflow.end', 'text'),
  event('netflow.age', 'integer', '^[0-9]+$'),
  event('tls.sni', 'token'),
  event('tls.subject', 'text'),
  event('tls_error.error_message', 'text'),
  event('revocation_check.action', 'token'),
  event('revocation_check.status', 'token'),
  event('http.hostname', 'token'),
  event('http.url', 'text'),
  event('http.http_method', 'token'),
  event('http.status', 'token'),
];
