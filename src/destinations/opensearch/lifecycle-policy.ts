import type { BulkNames } from './bulk-reading.ts';
import type { ClusterVersion } from './cluster-version.ts';
import { indexPatterns } from './index-name.ts';
import { createIndexTemplate, templateName, templatePath } from './index-template.ts';

/** A request that has the cluster itself delete old indexes. */
export interface PolicyRequest {
  readonly to: string;
  readonly body: object;
}

/** When the running index of a data stream is followed by the next one. */
const rollover = { age: '1d', size: '50gb' };

/** For OpenSearch. Its patterns are wider than a date, and age counts from when an index was made. */
export function ismPolicy({ index, rotation }: BulkNames, days: number): PolicyRequest[] {
  const isStream = rotation === 'stream';
  const actions = isStream
    ? [{ rollover: { min_index_age: rollover.age, min_primary_shard_size: rollover.size } }]
    : [];
  const policy = {
    description: `Deletes indexes of ${index} after ${days} days`,
    default_state: 'open',
    states: [
      {
        name: 'open',
        actions,
        transitions: [{ state_name: 'delete', conditions: { min_index_age: `${days}d` } }],
      },
      { name: 'delete', actions: [{ delete: {} }], transitions: [] },
    ],
    ism_template: [{ index_patterns: indexPatterns(index, rotation), priority: 200 }],
  };
  const patterns = isStream ? `.ds-${index}-*` : indexPatterns(index, rotation).join(',');
  return [
    { to: `PUT _plugins/_ism/policies/${templateName(index)}`, body: { policy } },
    { to: `POST _plugins/_ism/add/${patterns}`, body: { policy_id: templateName(index) } },
  ];
}

/** For Elasticsearch: the policy, the index template that names it, and what is there already. */
export function ilmPolicy(names: BulkNames, version: ClusterVersion, days: number): PolicyRequest[] {
  const { index, rotation } = names;
  const isStream = rotation === 'stream';
  const hot = isStream ? { rollover: { max_age: rollover.age, max_size: rollover.size } } : {};
  const phases = { hot: { actions: hot }, delete: { min_age: `${days}d`, actions: { delete: {} } } };
  const settings = { 'index.lifecycle.name': templateName(index) };
  const template = createIndexTemplate(names, version);
  // Whose template this is: the program replaces only its own.
  const own = { ...template, _meta: {}, template: { ...template.template, settings } };
  return [
    { to: `PUT _ilm/policy/${templateName(index)}`, body: { policy: { phases } } },
    { to: `PUT ${templatePath(index).slice(1)}`, body: own },
    { to: `PUT ${indexPatterns(index, rotation).join(',')}/_settings`, body: settings },
  ];
}
