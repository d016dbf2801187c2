import type { estypes } from '@elastic/elasticsearch';
import type { Policy } from '@opensearch-project/opensearch/api/_types/ism._common.d.ts';
import { expect, test } from 'vitest';
import { ilmPolicy, ismPolicy } from './lifecycle-policy.ts';

const names = { index: 'tide', rotation: 'day', fields: 'native', tables: ['requests'] } as const;
const stream = { ...names, rotation: 'stream' } as const;

// The types are those of the official clients, made from the published specifications.
test('OpenSearch gets a policy that its specification has', () => {
  const transitions = [{ state_name: 'delete', conditions: { min_index_age: '30d' } }];
  const policy = {
    description: 'Deletes indexes of tide after 30 days',
    default_state: 'open',
    states: [
      { name: 'open', actions: [], transitions },
      { name: 'delete', actions: [{ delete: {} }], transitions: [] },
    ],
    ism_template: [{ index_patterns: ['tide-1*', 'tide-2*'], priority: 200 }],
  } satisfies Policy;
  expect(ismPolicy(names, 30)).toEqual([
    { to: 'PUT _plugins/_ism/policies/tailrace-tide', body: { policy } },
    { to: 'POST _plugins/_ism/add/tide-1*,tide-2*', body: { policy_id: 'tailrace-tide' } },
  ]);
  expect(ismPolicy(stream, 30)).toMatchObject([
    { body: { policy: { states: [{ actions: [{ rollover: { min_index_age: '1d' } }] }, {}] } } },
    { to: 'POST _plugins/_ism/add/.ds-tide-*' },
  ]);
});

test('Elasticsearch gets a policy that its specification has, and a template that names it', () => {
  const version = { flavour: 'Elasticsearch', number: '8.0.0', build: 'default' } as const;
  const policy = {
    phases: { hot: { actions: {} }, delete: { min_age: '30d', actions: { delete: {} } } },
  } satisfies estypes.IlmPolicy;
  const settings = { 'index.lifecycle.name': 'tailrace-tide' };
  expect(ilmPolicy(names, version, 30)).toMatchObject([
    { to: 'PUT _ilm/policy/tailrace-tide', body: { policy } },
    {
      to: 'PUT _index_template/tailrace-tide',
      body: { index_patterns: ['tide-1*', 'tide-2*'], template: { settings } },
    },
    { to: 'PUT tide-1*,tide-2*/_settings', body: settings },
  ]);
  expect(ilmPolicy(stream, version, 30)).toMatchObject([
    { body: { policy: { phases: { hot: { actions: { rollover: { max_age: '1d' } } } } } } },
    { body: { data_stream: {} } },
    { to: 'PUT tide/_settings' },
  ]);
});
