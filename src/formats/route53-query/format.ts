import type { Format } from '../format.ts';
import { fields } from './fields.ts';

/** A query that a resolver sent to a name server of the zone: most are answered from caches, and not logged. */
export const route53Query: Format = {
  name: 'route53-query',
  title: 'Route 53 query logs of public hosted zones',
  reference: 'https://docs.aws.amazon.com/Route53/latest/DeveloperGuide/query-logs.html',
  fields,
  headerless: 'whole',
  framing: { kind: 'tokens', least: 10 },
  isStrict: true,
  requires: [['hosted_zone_id'], ['query_type'], ['response_code'], ['protocol']],
  event: {
    columns: {
      message:
        '{query_type} {query_name} {response_code} from {resolver_ip} over {protocol}[, for {edns_client_subnet}]',
      service: '{hosted_zone_id}',
      host: '{edge_location}',
    },
    levels: [],
  },
};
