import type { Format } from '../format.ts';
import { fields } from './fields.ts';

/** One JSON object per query that a resource in a VPC sent to the Resolver. */
export const route53Resolver: Format = {
  name: 'route53-resolver',
  title: 'Route 53 VPC Resolver query logs',
  reference: 'https://docs.aws.amazon.com/Route53/latest/DeveloperGuide/resolver-query-logs-format.html',
  fields,
  headerless: 'whole',
  framing: { kind: 'json', nested: [{ key: 'srcids', holds: 'object' }] },
  requires: [['query_timestamp'], ['query_name'], ['rcode']],
  isStrict: true,
  event: {
    columns: {
      message:
        '[{firewall_rule_action} ][{query_type} ]{query_name} {rcode}[ from {srcids.instance|srcaddr}][ over {transport}]',
      service: '{vpc_id|resource_id}',
      host: '{srcids.instance|srcaddr}',
    },
    levels: [{ level: 'WARN', field: 'firewall_rule_action', pattern: '^(ALERT|BLOCK)$' }],
  },
};
