import { addressPattern } from '../address-patterns.ts';
import type { Field } from '../format.ts';

/**
 * Route 53 VPC Resolver query logs: the keys of an object, those within `srcids` prefixed with its name.
 * https://docs.aws.amazon.com/Route53/latest/DeveloperGuide/resolver-query-logs-format.html
 */
export const fields: readonly Field[] = [
  { name: 'version', type: 'token', pattern: '^[0-9]+([.][0-9]+)?$' },
  { name: 'account_id', type: 'token', pattern: '^[0-9]+$' },
  { name: 'region', type: 'token', pattern: '^[a-z]+(-[a-z]+)+-[0-9]+$' },
  { name: 'vpc_id', type: 'token', pattern: '^vpc-' },
  { name: 'resource_id', type: 'token' },
  { name: 'query_timestamp', type: 'any-time', pattern: '^[0-9]{4}-' },
  { name: 'query_name', type: 'text' },
  { name: 'query_type', type: 'token', pattern: '^[A-Z0-9]+$' },
  { name: 'query_class', type: 'token', pattern: '^[A-Z0-9]+$' },
  { name: 'rcode', type: 'token', pattern: '^[A-Z0-9]+$' },
  { name: 'answers', type: 'text' },
  { name: 'srcaddr', type: 'ip', pattern: addressPattern },
  { name: 'srcport', type: 'integer', pattern: '^[0-9]{1,5}$' },
  { name: 'transport', type: 'token', pattern: '^[A-Z0-9]+$' },
  { name: 'srcids.instance', type: 'token' },
  { name: 'srcids.resolver_endpoint', type: 'token' },
  { name: 'srcids.resolver_network_interface', type: 'token' },
  { name: 'firewall_rule_group_id', type: 'token' },
  { name: 'firewall_rule_action', type: 'token', pattern: '^[A-Z]+$' },
  { name: 'firewall_domain_list_id', type: 'token' },
];
