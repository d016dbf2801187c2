import type { IntakeMethod } from '../intake.ts';

/**
 * Requests that shippers send before logs, answered so that they find everything in place and set up nothing: the
 * license is active, the cluster is healthy, every index, template, pipeline and policy exists.
 */
export interface HandshakeRoute {
  readonly method: IntakeMethod | IntakeMethod[];
  readonly url: string;
  readonly answer: (name: string) => unknown;
}

/**
 * Beats refuse a server with a lower minor version than their own, and before version 7 send what version 8 no longer
 * accepts; some also check the tagline.
 */
export const productAnswer = {
  name: 'tailrace',
  cluster_name: 'tailrace',
  cluster_uuid: 'tailrace00000000000000',
  version: {
    number: '8.19.0',
    build_flavor: 'default',
    build_type: 'tar',
    build_hash: 'unknown',
    build_date: '2025-07-23T00:00:00.000Z',
    build_snapshot: false,
    lucene_version: '9.12.2',
    minimum_wire_compatibility_version: '7.17.0',
    minimum_index_compatibility_version: '7.0.0',
  },
  tagline: 'You Know, for Search',
} as const;

const license = { uid: 'tailrace', type: 'basic', status: 'active', mode: 'basic' } as const;
const health = {
  cluster_name: 'tailrace',
  status: 'green',
  timed_out: false,
  number_of_nodes: 1,
  number_of_data_nodes: 1,
  active_primary_shards: 1,
  active_shards: 1,
  relocating_shards: 0,
  initializing_shards: 0,
  unassigned_shards: 0,
  active_shards_percent_as_number: 100,
} as const;
const acknowledged = () => ({ acknowledged: true });

/** Resources that shippers would create if they did not find them. A GET route also answers HEAD. */
const setUp: readonly HandshakeRoute[] = [
  {
    url: '/_index_template/:name',
    answer: (name: string) => ({ index_templates: [{ name, index_template: { index_patterns: [name] } }] }),
  },
  {
    url: '/_component_template/:name',
    answer: (name: string) => ({ component_templates: [{ name, component_template: { template: {} } }] }),
  },
  { url: '/_template/:name', answer: (name: string) => ({ [name]: { index_patterns: [name] } }) },
  { url: '/_ilm/policy/:name', answer: (name: string) => ({ [name]: { version: 1, policy: { phases: {} } } }) },
  { url: '/_ingest/pipeline/:name', answer: (name: string) => ({ [name]: { processors: [] } }) },
  { url: '/_data_stream/:name', answer: (name: string) => ({ data_streams: [{ name, status: 'GREEN' }] }) },
  { url: '/_alias/:name', answer: (name: string) => ({ [name]: { aliases: { [name]: {} } } }) },
].flatMap(({ url, answer }) => [
  { method: 'GET', url, answer },
  { method: ['PUT', 'POST'], url, answer: acknowledged },
]);

export const handshakeRoutes: readonly HandshakeRoute[] = [
  { method: 'GET', url: '/_license', answer: () => ({ license }) },
  { method: 'GET', url: '/_xpack', answer: () => ({ license, features: { ilm: { available: true, enabled: true } } }) },
  { method: 'GET', url: '/_cluster/health', answer: () => health },
  { method: 'GET', url: '/_cluster/health/:name', answer: () => health },
  ...setUp,
  { method: 'HEAD', url: '/:name', answer: () => ({}) },
  { method: 'PUT', url: '/:name', answer: (index) => ({ acknowledged: true, shards_acknowledged: true, index }) },
];
