import type { Format } from '../format.ts';
import { fields } from './fields.ts';

/** HTTP and TCP listeners write the same fields; TCP has no request and no status. */
export const elb: Format = {
  name: 'elb',
  title: 'Classic Load Balancer access logs',
  reference: 'https://docs.aws.amazon.com/elasticloadbalancing/latest/classic/access-log-collection.html',
  fields,
  headerless: 'whole',
  marks: ['backend_processing_time', 'backend_status_code'],
  framing: { kind: 'tokens', least: 12 },
  commentPrefix: 'Enable AccessLog for ELB',
  unknownNumber: '-1',
  durationOf: ['request_processing_time', 'backend_processing_time', 'response_processing_time'],
};
