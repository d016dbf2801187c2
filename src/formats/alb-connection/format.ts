import type { Format } from '../format.ts';
import { fields } from './fields.ts';

/** A line is a connection attempt, possibly failed before any request: an event, not an HTTP request. */
export const albConnection: Format = {
  name: 'alb-connection',
  title: 'Application Load Balancer connection logs',
  reference: 'https://docs.aws.amazon.com/elasticloadbalancing/latest/application/load-balancer-connection-logs.html',
  fields,
  headerless: 'whole',
  framing: { kind: 'tokens', least: 12 },
  isStrict: true,
  requires: [['client_ip'], ['client_port'], ['listener_port']],
  commentPrefix: 'Enable ConnectionLog for ELB',
  event: {
    columns: {
      message:
        '[{tls_verify_status} ]{client_ip}:{client_port} to port {listener_port}[, {tls_protocol} {tls_cipher}]' +
        '[, handshake {tls_handshake_latency} s][, {leaf_client_cert_subject}]',
      service: '{elb}',
      trace_id: '{conn_trace_id}',
    },
    levels: [{ level: 'WARN', field: 'tls_verify_status', pattern: '^Failed' }],
  },
};
