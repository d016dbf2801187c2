import type { Role, RoleMapping } from '@opensearch-project/opensearch/api/_types/security._common.d.ts';
import { expect, test } from 'vitest';
import { grantsOf } from './delivery-grants.ts';

const names = { index: 'realtime', rotation: 'day', fields: 'native' } as const;
const roleArn = 'arn:aws:iam::123456789012:role/log-writer';

// The types are those that the official client has from OpenSearch's published specification.
const role = {
  cluster_permissions: ['cluster_composite_ops', 'cluster_monitor', 'cluster_manage_index_templates'],
  index_permissions: [
    {
      index_patterns: ['realtime-1*', 'realtime-2*', 'realtime-tailrace-check'],
      allowed_actions: ['crud', 'create_index', 'manage'],
    },
  ],
} satisfies Role;

test('a user of a cluster gets a role and its mapping', () => {
  expect(grantsOf({ ...names, url: 'https://search.example.com', username: 'tailrace' })).toEqual([
    { to: 'PUT _plugins/_security/api/roles/tailrace-realtime', body: role },
    {
      to: 'PUT _plugins/_security/api/rolesmapping/tailrace-realtime',
      body: { users: ['tailrace'] } satisfies RoleMapping,
    },
  ]);
});

test.each(['none', 'stream'] as const)('an index or data stream without a time is named as it is (%s)', (rotation) => {
  const [grant] = grantsOf({ ...names, rotation, url: 'https://search.example.com' });
  expect(grant?.body).toMatchObject({
    index_permissions: [{ index_patterns: ['realtime', 'realtime-tailrace-check'] }],
  });
});

test('on a domain of AWS the role is mapped to that of IAM, which the domain lets in', () => {
  const url = 'https://search-my-logs-abc123.eu-west-1.es.amazonaws.com';
  expect(grantsOf({ ...names, url, aws: { service: 'es', assumeRole: { roleArn } } }).slice(1)).toEqual([
    {
      to: 'PUT _plugins/_security/api/rolesmapping/tailrace-realtime',
      body: { backend_roles: [roleArn] } satisfies RoleMapping,
    },
    {
      to: 'access policy of the domain',
      body: {
        Version: '2012-10-17',
        Statement: [
          {
            Effect: 'Allow',
            Principal: { AWS: roleArn },
            Action: ['es:ESHttpGet', 'es:ESHttpPost', 'es:ESHttpPut'],
            Resource: 'arn:aws:es:eu-west-1:123456789012:domain/my-logs/*',
          },
        ],
      },
    },
  ]);
});

test('what the configuration does not tell is left to fill in', () => {
  const text = JSON.stringify(grantsOf({ ...names, url: 'https://logs.example.com', aws: { service: 'es' } }));
  expect(text).toContain('arn:aws:es:REGION:ACCOUNT:domain/DOMAIN/*');
  expect(text).toContain('arn:aws:iam::ACCOUNT:role/ROLE');
});

test('indexes may be deleted only where the configuration says which stay', () => {
  const delivers = { ...names, url: 'https://logs.example.com', keep: { days: 30 } };
  expect(JSON.stringify(grantsOf({ ...delivers, aws: { service: 'es' } }))).toContain('es:ESHttpDelete');
  expect(JSON.stringify(grantsOf({ ...delivers, aws: { service: 'aoss' } }))).toContain('aoss:DeleteIndex');
});

test('a collection has policies, and no roles', () => {
  const url = 'https://abc123.us-east-1.aoss.amazonaws.com';
  const grants = grantsOf({ ...names, url, aws: { service: 'aoss', assumeRole: { roleArn } } });
  expect(grants).toMatchObject([
    {
      to: 'data access policy of the collection',
      body: [
        {
          Rules: [
            { ResourceType: 'collection' },
            {
              Resource: [
                'index/COLLECTION/realtime-1*',
                'index/COLLECTION/realtime-2*',
                'index/COLLECTION/realtime-tailrace-check',
              ],
            },
          ],
          Principal: [roleArn],
        },
      ],
    },
    {
      to: 'IAM policy of the identity',
      body: { Statement: [{ Resource: 'arn:aws:aoss:us-east-1:123456789012:collection/abc123' }] },
    },
  ]);
});
