import type { Format } from '../format.ts';
import { fields } from './fields.ts';

/** A line is a connection, without request and status. Early ones ended with the domain name. */
export const nlb: Format = {
  name: 'nlb',
  title: 'Network Load Balancer access logs (TLS)',
  reference: 'https://docs.aws.amazon.com/elasticloadbalancing/latest/network/load-balancer-access-logs.html',
  fields,
  headerless: 'whole',
  marks: ['tls_handshake_time', 'listener'],
  framing: { kind: 'tokens', least: 18 },
  commentPrefix: 'Enable AccessLog for ELB',
  unknownNumber: '-1',
};
