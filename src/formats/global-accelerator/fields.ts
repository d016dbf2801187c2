import { addressPattern } from '../address-patterns.ts';
import type { Field } from '../format.ts';

const integer = (name: string): Field => ({ name, type: 'integer', pattern: '^[0-9]+$' });
const address = (name: string): Field => ({ name, type: 'ip', pattern: addressPattern });
const seconds = (name: string): Field => ({ name, type: 'epoch-seconds', pattern: '^[1-9][0-9]{8,9}$' });
const token = (name: string, pattern: string): Field => ({ name, type: 'token', pattern });

/**
 * Global Accelerator flow log records, in order.
 * https://docs.aws.amazon.com/global-accelerator/latest/dg/monitoring-global-accelerator.flow-logs.html
 */
export const fields: readonly Field[] = [
  token('version', '^[0-9]+[.][0-9]+$'),
  token('aws_account_id', '^[0-9]+$'),
  token('accelerator_id', '^[0-9A-Za-z-]+$'),
  address('client_ip'),
  integer('client_port'),
  address('accelerator_ip'),
  integer('accelerator_port'),
  address('endpoint_ip'),
  integer('endpoint_port'),
  token('protocol', '^[0-9A-Za-z-]+$'),
  token('ip_address_type', '^IPV[46]$'),
  integer('packets'),
  integer('bytes'),
  seconds('start_time'),
  seconds('end_time'),
  token('action', '^(ACCEPT|REJECT)$'),
  token('log_status', '^(OK|NODATA|SKIPDATA)$'),
  address('globalaccelerator_source_ip'),
  integer('globalaccelerator_source_port'),
  token('endpoint_region', '^[a-z]+(-[a-z]+)+-[0-9]+$'),
  { name: 'globalaccelerator_region', type: 'token' },
  token('direction', '^(INGRESS|EGRESS)$'),
  token('vpc_id', '^vpc-[0-9A-Za-z]+$'),
  { name: 'reject_reason', type: 'text' },
];
