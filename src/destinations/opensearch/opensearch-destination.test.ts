import { mkdtempSync, readdirSync, readFileSync, rmSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { expect, onTestFinished, test } from 'vitest';
import { freePort } from '../../../test/free-port.ts';
import { timeOfId } from '../../ledger/batch-id.ts';
import { createBackup } from '../backup/create-backup.ts';
import { undivided } from '../test-doubles/undivided.ts';
import { templateVersion } from './index-template.ts';
import { createOpensearchDestination, type OpensearchOptions } from './opensearch-destination.ts';
import { bulkAnswer, type FakeAnswer, type SeenRequest, startFakeCluster } from './test-doubles/fake-cluster.ts';
import { plainOptions } from './test-doubles/plain-options.ts';

const { signal } = new AbortController();
const notFound = { status: 404, error: { type: 'index_not_found_exception', reason: 'not an alias' } };
const openSearch = { distribution: 'opensearch', number: '3.6.0' };
const forbidden = {
  error: { type: 'security_exception', reason: 'no permissions for [indices:admin/index_template/put]' },
};

/** A cluster that answers like one, unless `answer` says otherwise. */
async function start(
  version: object,
  answer: (request: SeenRequest) => FakeAnswer | 'as usual' = () => 'as usual',
  more: Partial<OpensearchOptions> = {},
) {
  const server = await startFakeCluster((request) => {
    const given = answer(request);
    if (given !== 'as usual') return given;
    if (request.path === '/') return [200, { version }];
    if (request.path === '/_bulk') return bulkAnswer(request, () => notFound);
    return request.method === 'GET' ? [404, {}] : [200, { acknowledged: true }];
  });
  const destination = createOpensearchDestination({ ...plainOptions(server.url), ...more });
  return { server, destination };
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
  const port = await freePort();
  const destination = createOpensearchDestination(plainOptions(`http://127.0.0.1:${port}`));
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

test.each([
  ['of other names', { version: templateVersion, _meta: { managed_by: 'tailrace', made_for: 'day, ecs' } }, 1],
  ['the same', { version: templateVersion, _meta: { managed_by: 'tailrace', made_for: 'day, native' } }, 0],
  ['newer', { version: templateVersion + 1, _meta: { managed_by: 'tailrace', made_for: 'day, ecs' } }, 0],
])('a template of ours is replaced when it does not fit: %s', async (_, present, replaced) => {
  const { server, destination } = await start(openSearch, ({ method, path }) =>
    method === 'GET' && path.startsWith('/_index_template/')
      ? [200, { index_templates: [{ index_template: present }] }]
      : 'as usual',
  );
  await destination.open(signal, (text) => expect.fail(text));
  expect(template(server)).toHaveLength(replaced);
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

test('refused documents are kept as Firehose keeps them, once, until they are delivered', async () => {
  const folder = mkdtempSync(join(tmpdir(), 'tailrace-refused-'));
  onTestFinished(() => rmSync(folder, { recursive: true, force: true }));
  const batch = {
    batch: '914067372376507168',
    requests: 3,
    logs: 0,
    rejects: 0,
    closedAtMs: 7,
    firstTime: null,
    lastTime: null,
  };
  const lines = ['1', '2', '3'].map((id) => `{"create":{"_index":"i","_id":"${id}"}}\n{"n":${id}}\n`).join('');
  async function* read() {
    yield Buffer.from(lines);
  }
  const files = () =>
    readdirSync(folder, { recursive: true, encoding: 'utf8' }).filter((name) => name.includes(batch.batch));
  const hour = new Date(timeOfId(batch.batch)).toISOString().slice(0, 13).replaceAll(/[-T]/g, '/');
  const owner = { failure: 'AmazonOpenSearchService_failed', destination: 'search' };
  let isFitting = false;
  const error = { type: 'mapper_parsing_exception', reason: 'failed to parse field [n]' };
  const told: string[] = [];
  const deliver = async () => {
    const { destination } = await start(
      openSearch,
      (request) =>
        request.path.startsWith('/_bulk?')
          ? bulkAnswer(request, (id) => (id === '2' && !isFitting ? { status: 400, error } : { status: 201 }))
          : 'as usual',
      { backup: createBackup({ type: 'folder', path: folder }, owner, folder) },
    );
    await destination.open(signal, (text) => told.push(text));
    const delivered = await destination.ship({ batches: [batch], read, divide: undivided }, signal);
    await destination.close();
    return delivered;
  };
  for (let time = 0; time < 2; time++) {
    expect(await deliver()).toMatchObject([{ rows: 2, refused: 1, backupBytes: expect.any(Number), missing: 0 }]);
    expect(files()).toEqual([`AmazonOpenSearchService_failed/${hour}/search-${batch.batch}`]);
    const [record, ...others] = readFileSync(join(folder, files()[0] ?? ''), 'utf8')
      .trimEnd()
      .split('\n');
    expect(others).toEqual([]);
    expect(JSON.parse(record ?? '')).toEqual({
      attemptsMade: 1,
      arrivalTimestamp: 7,
      errorCode: '400',
      errorMessage: 'mapper_parsing_exception: failed to parse field [n]',
      attemptEndingTimestamp: expect.any(Number),
      rawData: Buffer.from('{"n":2}').toString('base64'),
      esDocumentId: '2',
      esIndexName: 'i',
      esTypeName: '',
      tailraceDestination: 'search',
      tailraceBatch: batch.batch,
    });
  }
  expect(new Set(told)).toEqual(
    new Set([
      `cannot deliver some documents: mapper_parsing_exception; they are kept in "${folder}" with the reasons, correct the mapping`,
    ]),
  );
  isFitting = true;
  expect(await deliver()).toMatchObject([{ rows: 3, refused: 0, missing: 0 }]);
  expect(files()).toEqual([]);
});
