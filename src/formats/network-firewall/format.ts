import type { Format, NestedKey } from '../format.ts';
import { fields } from './fields.ts';

const inEvent = (key: string): NestedKey => ({ key: `event.${key}`, holds: 'object' });

/** Alert, flow and TLS logs: one JSON object per Suricata event. */
export const networkFirewall: Format = {
  name: 'network-firewall',
  title: 'AWS Network Firewall logs',
  reference: 'https://docs.aws.amazon.com/network-firewall/latest/developerguide/firewall-logging-contents.html',
  fields,
  headerless: 'whole',
  framing: {
    kind: 'json',
    nested: [
      { key: 'event', holds: 'object' },
      ...['alert', 'netflow', 'tls', 'tls_error', 'revocation_check', 'http'].map(inEvent),
    ],
  },
  requires: [['firewall_name'], ['event_timestamp', 'event.timestamp'], ['event.event_type']],
  isStrict: true,
  times: ['event.timestamp', 'event_timestamp'],
  event: {
    columns: {
      message:
        '{event.event_type}[ {event.alert.action|event.revocation_check.action}][ {event.proto}][ {event.src_ip}][:{event.src_port}]' +
        '[ -> {event.dest_ip}][:{event.dest_port}][ {event.tls.sni|event.sni|event.http.hostname}][, {event.alert.signature}]' +
        '[, {event.netflow.pkts} packets][, {event.netflow.bytes} bytes][, {event.tls_error.error_message}]',
      service: '{firewall_name}',
    },
    levels: [
      { level: 'WARN', field: 'event.alert.action', pattern: '^(blocked|dropped|rejected)$' },
      { level: 'WARN', field: 'event.revocation_check.action', pattern: '^(DROP|REJECT)$' },
      { level: 'WARN', field: 'event.alert.severity', pattern: '^[12]$' },
    ],
  },
};
