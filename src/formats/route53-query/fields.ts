import { addressPattern } from '../address-patterns.ts';
import type { Field } from '../format.ts';

/**
 * Query logs of public hosted zones, in order.
 * https://docs.aws.amazon.com/Route53/latest/DeveloperGuide/query-logs.html
 */
export const fields: readonly Field[] = [
  { name: 'version', type: 'token', pattern: '^[0-9]+[.][0-9]+$' },
  { name: 'query_timestamp', type: 'iso-time', pattern: 'Z$' },
  { name: 'hosted_zone_id', type: 'token', pattern: '^Z[0-9A-Z]+$' },
  { name: 'query_name', type: 'text' },
  { name: 'query_type', type: 'token', pattern: '^[0-9A-Z]+$' },
  { name: 'response_code', type: 'token', pattern: '^[A-Z]+$' },
  { name: 'protocol', type: 'token', pattern: '^(UDP|TCP)$' },
  { name: 'edge_location', type: 'token', pattern: '^[A-Z]{3}[0-9]+(-[0-9A-Z]+)?$' },
  { name: 'resolver_ip', type: 'ip', pattern: addressPattern },
  { name: 'edns_client_subnet', type: 'token', pattern: '^[0-9A-Fa-f:.]+/[0-9]{1,3}$' },
];
