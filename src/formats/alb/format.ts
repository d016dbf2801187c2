import type { Format } from '../format.ts';
import { fields } from './fields.ts';

/**
 * One layout for every width: at least the load balancer's type and the fields of the classic one, as in 2016.
 * Which values are quoted changed over the years, so quotes are removed wherever they occur.
 */
export const alb: Format = {
  name: 'alb',
  title: 'Application Load Balancer access logs',
  reference: 'https://docs.aws.amazon.com/elasticloadbalancing/latest/application/load-balancer-access-logs.html',
  fields,
  headerless: 'whole',
  marks: ['target_processing_time', 'target_status_code'],
  framing: { kind: 'tokens', least: 16 },
  commentPrefix: 'Enable AccessLog for ELB',
  unknownNumber: '-1',
  durationOf: ['request_processing_time', 'target_processing_time', 'response_processing_time'],
};
