import type { AddressInfo } from 'node:net';
import { createServer } from 'node:net';
import { expect, test } from 'vitest';
import { createOpensearchDestination } from './opensearch-destination.ts';
import { bulkAnswer, type FakeAnswer, type SeenRequest, startFakeCluster } from './test-doubles/fake-cluster.ts';

const { signal } = new AbortController();
const notFound = { status: 404, error: { type: 'index_not_found_exception', reason: 'not an alias' } };
const openSearch = { distribution: 'opensearch', number: '3.6.0' };
const forbidden = {
  error: { type: 'security_exception', reason: 'no permissions for [indices:admin/index_template/put]' },
};

/** A cluster that answers like one, unless `answer` says otherwise. */
async function start(version: object, answer: (request: SeenRequest) => FakeAnswer | 'as usual' = () => 'as usual') {
  const server = await startFakeCluster((request) => {
    const given = answer(request);
    if (given !== 'as usual') return given;
    if (request.path === '/') return [200, { version }];
    if (request.path === '/_bulk') return bulkAnswer(request, () => notFound);
    return request.method === 'GET' ? [404, {}] : [200, { acknowledged: true }];
  });
  const destination = createOpensearchDestination({
    ...{ url: server.url, index: 'realtime', rotation: 'day', tables: ['requests'], compression: 'none' },
    ...{ bufferSize: 1e6, bufferInterval: 0, requestSize: 1e6 },
  });
  return { server, destination };
}

async function closedPort(): Promise<number> {
  const server = createServer();
  await new Promise<void>((resolve) => server.listen(0, '127.0.0.1', resolve));
  const { port } = server.address() as AddressInfo;
  await new Promise((resolve) => server.close(resolve));
  return port;
}

const template = ({ requests }: { requests: readonly SeenRequest[] }) =>
  requests.filter(({ method }) => method === 'PUT').map(({ path, text }) => ({ path, ...JSON.parse(text) }));

test.each([
  [openSearch],
  [{ number: '7.17.29', build_flavor: 'default' }],
  [{ distribution: 'opensearch', number: '1.0.0' }],
])('a cluster that it can deliver to has no problems, and is asked for nothing that lasts (%j)', async (version) => {
  const { server, destination } = await start(version);
  expect(await destination.check(signal)).toEqual([]);
  expect(server.requests.map(({ method, path }) => `${method} ${path}`)).toEqual(['GET /', 'POST /_bulk']);
});

test.each<[string, object, (request: SeenRequest) => FakeAnswer | 'as usual']>([
  ['Elasticsearch 6.8.0 is too old; update it to 7 or newer', { number: '6.8.0' }, () => 'as usual'],
  ['neither OpenSearch nor Elasticsearch', {}, () => 'as usual'],
  ['neither OpenSearch nor Elasticsearch', {}, () => [200, '<html>hello</html>']],
  ['who asks may not create documents', openSearch, ({ path }) => (path === '/_bulk' ? [403, forbidden] : 'as usual')],
  [
    'who asks may not create documents',
    openSearch,
    (request) =>
      request.path === '/_bulk' ? bulkAnswer(request, () => ({ status: 403, error: forbidden.error })) : 'as usual',
  ],
])('the check says what is wrong: %s', async (problem, version, answer) => {
  const { destination } = await start(version, answer);
  expect(await destination.check(signal)).toEqual([expect.stringContaining(problem)]);
});

test('nothing listens', async () => {
  const port = await closedPort();
  const destination = createOpensearchDestination({
    ...{
      url: `http://127.0.0.1:${port}`,
      index: 'realtime',
      rotation: 'day',
      tables: ['requests'],
      compression: 'none',
    },
    ...{ bufferSize: 1e6, bufferInterval: 0, requestSize: 1e6 },
  });
  expect(await destination.check(signal)).toEqual([
    `cannot deliver to "http://127.0.0.1:${port}": nothing listens there (ECONNREFUSED); start it, or correct the port in url`,
  ]);
});

test.each([
  [openSearch, 'flat_object'],
  [{ distribution: 'opensearch', number: '2.6.0' }, 'object'],
  [{ number: '8.15.0', build_flavor: 'default' }, 'flattened'],
  [{ number: '7.17.29', build_flavor: 'oss' }, 'object'],
])('the template is installed with types that the cluster has (%j)', async (version, type) => {
  const { server, destination } = await start(version);
  const told: string[] = [];
  await destination.open(signal, (text) => told.push(text));
  expect(told).toEqual([]);
  expect(template(server)).toMatchObject([
    {
      path: '/_index_template/tailrace-realtime',
      index_patterns: ['realtime-1*', 'realtime-2*'],
      template: {
        mappings: { dynamic: false, properties: { extra: { type }, attributes: { type }, client_ip: { type: 'ip' } } },
      },
    },
  ]);
});

test('a template that it may not install is told, and delivery goes on', async () => {
  const { destination } = await start(openSearch, ({ method }) => (method === 'PUT' ? [403, forbidden] : 'as usual'));
  const told: string[] = [];
  await destination.open(signal, (text) => told.push(text));
  expect(told).toEqual([
    expect.stringMatching(
      /who asks may not manage index templates .*; grant it that; without the template "tailrace-realtime"/,
    ),
  ]);
});

test('a cluster that is busy is not opened', async () => {
  const { destination } = await start(openSearch, ({ method }) => (method === 'PUT' ? [503, 'no master'] : 'as usual'));
  await expect(destination.open(signal, () => {})).rejects.toThrow('it answers 503 (no master)');
});
