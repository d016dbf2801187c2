import { type AwsGrant, grantsTo } from '../../sources/aws/aws-grant.ts';
import type { BulkNames } from './bulk-reading.ts';
import type { ClusterAccess } from './cluster.ts';
import { indexPatterns } from './index-name.ts';
import type { Keep } from './old-indexes.ts';
import { regionOf } from './request-signer.ts';

/** Something to grant to the identity that delivers. */
export interface Grant {
  /** Who takes it: a request to the cluster, or a policy of AWS. */
  readonly to: string;
  readonly body: object;
}

type Options = Pick<ClusterAccess, 'url' | 'username' | 'aws'> & BulkNames & { readonly keep?: Keep };

/** What the delivery identity needs, with names in capitals where the configuration does not tell. */
export function grantsOf(options: Options): readonly Grant[] {
  if (options.aws?.service === 'aoss') return serverlessGrants(options);
  const name = `tailrace-${options.index}`;
  return [
    { to: `PUT _plugins/_security/api/roles/${name}`, body: securityRole(options) },
    { to: `PUT _plugins/_security/api/rolesmapping/${name}`, body: roleMapping(options) },
    ...(options.aws ? [{ to: 'access policy of the domain', body: domainPolicy(options) }] : []),
  ];
}

/** The indexes of all times, and the one that a check asks for. */
function patternsOf({ index, rotation }: BulkNames): readonly string[] {
  return [...indexPatterns(index, rotation), `${index}-tailrace-check`];
}

/**
 * The permissions that AWS names for delivery by Firehose, and those on index templates.
 * https://docs.aws.amazon.com/firehose/latest/dev/controlling-access.html#using-iam-es
 * https://docs.opensearch.org/latest/security/access-control/default-action-groups/
 */
function securityRole(options: Options): object {
  return {
    cluster_permissions: ['cluster_composite_ops', 'cluster_monitor', 'cluster_manage_index_templates'],
    index_permissions: [{ index_patterns: patternsOf(options), allowed_actions: ['crud', 'create_index', 'manage'] }],
  };
}

function roleMapping({ username, aws }: Options): object {
  return aws ? { backend_roles: [principalOf({ aws })] } : { users: [username ?? 'USER'] };
}

function principalOf({ aws }: Pick<Options, 'aws'>): string {
  return aws?.assumeRole?.roleArn ?? 'arn:aws:iam::ACCOUNT:role/ROLE';
}

/** `arn:aws:es:eu-west-1:123456789012`, with partition and account of the identity. */
function arnOf(options: Options): string {
  const [, partition, , , account] = principalOf(options).split(':');
  const { service, region = regionOf(options.url) ?? 'REGION' } = options.aws ?? {};
  return `arn:${partition}:${service}:${region}:${account}`;
}

/** `https://search-DOMAIN-abc123.eu-west-1.es.amazonaws.com` */
function domainOf(url: string): string | undefined {
  const [label = '', , service] = new URL(url).hostname.split('.');
  const [, name = ''] = /^(?:search|vpc)-(.+)$/.exec(label) ?? [];
  return service === 'es' && name.includes('-') ? name.slice(0, name.lastIndexOf('-')) : undefined;
}

function domainPolicy(options: Options): object {
  const domain = domainOf(options.url) ?? 'DOMAIN';
  return policyOf({
    Principal: { AWS: principalOf(options) },
    Action: domainActions(options),
    Resource: `${arnOf(options)}:domain/${domain}/*`,
  });
}

/** Indexes are deleted only where the configuration says so. In the security plugin, `manage` has it. */
function domainActions({ keep }: Options): string[] {
  return ['es:ESHttpGet', 'es:ESHttpPost', 'es:ESHttpPut', ...(keep ? ['es:ESHttpDelete'] : [])];
}

/** What AWS must allow: to a domain of another account its own access policy must allow it too. */
export function identityGrants(options: Options): readonly AwsGrant[] {
  const { url, aws } = options;
  if (!aws) return [];
  return grantsTo(
    aws,
    aws.service === 'es'
      ? [{ actions: domainActions(options), resources: [`${arnOf(options)}:domain/${domainOf(url) ?? 'DOMAIN'}/*`] }]
      : [{ actions: ['aoss:APIAccessAll'], resources: [`${arnOf(options)}:collection/${collectionOf(url)}`] }],
  );
}

function collectionOf(url: string): string {
  return /\/\/([a-z0-9]+)\.[a-z0-9-]+\.aoss\./.exec(url)?.[1] ?? 'COLLECTION-ID';
}

/** https://docs.aws.amazon.com/opensearch-service/latest/developerguide/serverless-data-access.html */
function serverlessGrants(options: Options): readonly Grant[] {
  const collection = 'COLLECTION';
  const rules = [
    {
      ResourceType: 'collection',
      Resource: [`collection/${collection}`],
      Permission: ['aoss:DescribeCollectionItems', 'aoss:CreateCollectionItems', 'aoss:UpdateCollectionItems'],
    },
    {
      ResourceType: 'index',
      Resource: patternsOf(options).map((pattern) => `index/${collection}/${pattern}`),
      Permission: [
        'aoss:CreateIndex',
        'aoss:DescribeIndex',
        'aoss:WriteDocument',
        ...(options.keep ? ['aoss:DeleteIndex'] : []),
      ],
    },
  ];
  const statement = {
    Action: ['aoss:APIAccessAll'],
    Resource: `${arnOf(options)}:collection/${collectionOf(options.url)}`,
  };
  return [
    { to: 'data access policy of the collection', body: [{ Rules: rules, Principal: [principalOf(options)] }] },
    { to: 'IAM policy of the identity', body: policyOf(statement) },
  ];
}

function policyOf(statement: object): object {
  return { Version: '2012-10-17', Statement: [{ Effect: 'Allow', ...statement }] };
}
