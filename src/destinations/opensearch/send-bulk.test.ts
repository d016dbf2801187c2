import { expect, test, vi } from 'vitest';
import { Pace } from '../pace.ts';
import { Cluster } from './cluster.ts';
import { BulkCutter, type BulkPart } from './cut-bulk.ts';
import { type Refusal, sendBulk } from './send-bulk.ts';
import {
  bulkAnswer,
  type FakeAnswer,
  type FakeCluster,
  type SeenRequest,
  startFakeCluster,
} from './test-doubles/fake-cluster.ts';

vi.mock('../../waiting/backoff.ts', () => ({ backoffMs: () => 1 }));

const created = { status: 201 };

function makePart(ids: readonly string[], text = 'x'): BulkPart {
  const cutter = new BulkCutter(1e6);
  const lines = ids.map((id) => `{"create":{"_index":"i","_id":"${id}"}}\n${JSON.stringify({ text })}\n`).join('');
  for (const _ of cutter.push(Buffer.from(lines), 0)) throw new Error('more than one part');
  return cutter.end() as BulkPart;
}

async function send(
  answer: (request: SeenRequest, number: number) => FakeAnswer,
  ids: readonly string[],
  compression: 'none' | 'gzip' = 'none',
  isPast = (_: string) => false,
) {
  const server = await startFakeCluster(answer);
  const pace = new Pace(8);
  const sent = { taken: 0, bytes: 0, refused: [] as Refusal[], tooLarge: [] as number[] };
  const part = makePart(ids);
  const sending = sendBulk(part, {
    cluster: new Cluster({ url: server.url, compression }),
    pace,
    signal: new AbortController().signal,
    isPast,
    onTaken: (_, bytes) => {
      sent.taken++;
      sent.bytes += bytes;
    },
    onRefused: async (refusal) => {
      sent.refused.push(refusal);
    },
    onTooLarge: (bytes) => sent.tooLarge.push(bytes),
  });
  return { server, pace, sent, part, sending };
}

test.each(['none', 'gzip'] as const)('all documents are created with one request (%s)', async (compression) => {
  const { server, sent, part, sending } = await send(
    (request) => bulkAnswer(request, () => created),
    ['1', '2'],
    compression,
  );
  await sending;
  expect(server.bulks()).toEqual([['1', '2']]);
  expect(sent).toMatchObject({ taken: 2, bytes: part.bytes.length, refused: [] });
  expect(server.requests[0]?.headers).toMatchObject({ 'content-type': 'application/x-ndjson' });
});

test('a document that is there already is delivered', async () => {
  const conflict = {
    status: 409,
    error: { type: 'version_conflict_engine_exception', reason: 'document already exists' },
  };
  const { server, sent, sending } = await send((request) => bulkAnswer(request, () => conflict), ['1', '2']);
  await sending;
  expect(server.bulks()).toHaveLength(1);
  expect(sent).toMatchObject({ taken: 2, refused: [] });
});

test.each([
  [429, 'rejected_execution_exception'],
  [429, 'es_rejected_execution_exception'],
  [429, 'circuit_breaking_exception'],
  [500, 'exception'],
  [503, 'unavailable_shards_exception'],
])('what the cluster is too busy for is sent again, alone (%s %s)', async (status, type) => {
  const seen = new Set<string>();
  const { server, pace, sent, sending } = await send(
    (request) =>
      bulkAnswer(request, (id) => {
        const isFirst = !seen.has(id);
        seen.add(id);
        return isFirst && id !== '2' ? { status, error: { type, reason: 'busy' } } : created;
      }),
    ['1', '2', '3'],
  );
  await sending;
  expect(server.bulks()).toEqual([
    ['1', '2', '3'],
    ['1', '3'],
  ]);
  expect(sent).toMatchObject({ taken: 3, refused: [] });
  expect(pace.limit).toBe(2);
});

test.each([
  ['mapper_parsing_exception', 'failed to parse field [status]'],
  ['document_parsing_exception', 'failed to parse field [status]'],
  ['strict_dynamic_mapping_exception', 'mapping set to strict'],
  ['illegal_argument_exception', 'Limit of total fields [1000] has been exceeded'],
])('what will never be taken is refused with its reason; the others are taken (%s)', async (type, reason) => {
  const error = { type, reason, caused_by: { reason: 'For input string: "many"' } };
  const { server, sent, sending } = await send(
    (request) => bulkAnswer(request, (id) => (id === '2' ? { status: 400, error } : created)),
    ['1', '2', '3'],
  );
  await sending;
  expect(server.bulks()).toHaveLength(1);
  expect(sent.taken).toBe(2);
  expect(sent.refused).toMatchObject([
    { status: 400, type, reason: `${reason}: For input string: "many"`, attempts: 1 },
  ]);
  expect(Buffer.from(sent.refused[0]?.lines ?? []).toString()).toBe(
    '{"create":{"_index":"i","_id":"2"}}\n{"text":"x"}\n',
  );
});

test.each([
  ['cluster_block_exception', 403, 'index [i] blocked by: [FORBIDDEN/8/index write (api)];'],
  ['cluster_block_exception', 403, 'index [i] blocked by: [FORBIDDEN/5/index read-only (api)];'],
  ['index_closed_exception', 400, 'closed'],
])(
  'an index of the past that is closed to writing refuses its documents, and no others (%s %i)',
  async (type, status, reason) => {
    const asked: string[] = [];
    const { sent, sending } = await send(
      (request) => bulkAnswer(request, (id) => (id === '1' ? { status, error: { type, reason } } : created)),
      ['1', '2'],
      'none',
      (index) => asked.push(index) > 0,
    );
    await sending;
    expect(asked).toEqual(['i']);
    expect(sent).toMatchObject({ taken: 1, refused: [{ status, type, reason, attempts: 1 }] });
  },
);

test.each([
  ['TOO_MANY_REQUESTS/12/disk usage exceeded flood-stage watermark', 429],
  ['FORBIDDEN/12/index read-only / allow delete (api)', 403],
  ['FORBIDDEN/10/cluster create-index blocked (api)', 403],
])('a full disk is the fault of the cluster, also for an index of the past (%s)', async (block, status) => {
  const error = { type: 'cluster_block_exception', reason: `index [i] blocked by: [${block}];` };
  const { sent, sending } = await send(
    (request) => bulkAnswer(request, () => ({ status, error })),
    ['1'],
    'none',
    () => true,
  );
  await expect(sending).rejects.toThrow('cannot deliver');
  expect(sent.refused).toEqual([]);
});

test('a request that is too large is sent in halves, down to one document, which is refused', async () => {
  const { server, sent, part, sending } = await send(
    (request) => (request.text.includes('"_id":"3"') ? [413, 'too large'] : bulkAnswer(request, () => created)),
    ['1', '2', '3', '4', '5'],
  );
  await sending;
  expect(server.bulks()).toEqual([['1', '2', '3', '4', '5'], ['1', '2', '3'], ['1', '2'], ['3'], ['4', '5']]);
  expect(sent.taken).toBe(4);
  expect(sent.refused).toMatchObject([{ status: 413, reason: expect.stringContaining('too large for the cluster') }]);
  expect(sent.tooLarge[0]).toBe(part.bytes.length);
});

test.each<[string, FakeAnswer]>([
  [
    '429',
    [
      429,
      { error: { type: 'circuit_breaking_exception', reason: 'Data too large' }, status: 429 },
      { 'retry-after': '0' },
    ],
  ],
  ['503', [503, 'no master']],
  ['a connection that ends', undefined],
])('a request that the cluster is too busy for is sent again (%s)', async (_, answer) => {
  const { server, pace, sent, sending } = await send(
    (request, number) => (number <= 2 ? answer : bulkAnswer(request, () => created)),
    ['1', '2'],
  );
  await sending;
  expect(server.bulks()).toHaveLength(3);
  expect(sent).toMatchObject({ taken: 2, refused: [] });
  expect(pace.limit).toBe(2);
});

const blocked =
  (type: string, reason: string, status = 403) =>
  (request: SeenRequest) =>
    bulkAnswer(request, () => ({ status, error: { type, reason } }));

test.each<[string, string, (request: SeenRequest) => FakeAnswer]>([
  [
    'user',
    'it does not accept who asks (missing authentication); correct username',
    () => [401, { error: { type: 'security_exception', reason: 'missing authentication' } }],
  ],
  [
    'request',
    'may not create documents (no permissions for [indices:data/write/bulk]); grant',
    () => [403, { error: { type: 'security_exception', reason: 'no permissions for [indices:data/write/bulk]' } }],
  ],
  [
    'domain',
    'it wants signed requests (User: anonymous is not authorized); set aws',
    () => [403, { Message: 'User: anonymous is not authorized' }],
  ],
  [
    'document',
    'may not create documents (no permissions for [indices:data/write/index]); grant',
    blocked('security_exception', 'no permissions for [indices:data/write/index]'),
  ],
  ['address', 'it has no such address (nothing here); correct url', () => [404, 'nothing here']],
  [
    'redirect',
    'answers with a redirect (301); write its target in url',
    () => [301, '', { location: 'https://example.com' }],
  ],
  [
    'read-only',
    'an index is read-only (index [i] blocked by: [FORBIDDEN/8/index write (api)];); remove the block',
    blocked('cluster_block_exception', 'index [i] blocked by: [FORBIDDEN/8/index write (api)];'),
  ],
  [
    'watermark',
    'its disk is nearly full',
    blocked(
      'cluster_block_exception',
      'index [i] blocked by: [TOO_MANY_REQUESTS/12/disk usage exceeded flood-stage watermark, index has read-only-allow-delete block];',
      429,
    ),
  ],
  ['closed', 'an index is closed (closed); open it', blocked('index_closed_exception', 'closed', 400)],
  [
    'missing',
    'an index is missing and may not be created',
    blocked('index_not_found_exception', 'no such index [i]', 404),
  ],
  [
    'shards',
    'it has as many shards as it may have',
    blocked(
      'validation_exception',
      'this action would add [2] shards, but this cluster currently has [1000]/[1000] maximum normal shards open;',
      400,
    ),
  ],
  [
    'alias',
    'not that of a plain index',
    blocked('illegal_argument_exception', 'no write index is defined for alias [i]', 400),
  ],
  ['overload', 'it answers 429 (busy); it is tried again', blocked('rejected_execution_exception', 'busy', 429)],
  ['other server', 'has 0 outcomes', () => [200, '<html>hello</html>']],
])('a cluster that takes nothing fails with a remedy: %s', async (_, message, answer) => {
  const { sent, sending } = await send(answer, ['1', '2']);
  await expect(sending).rejects.toThrow(message);
  expect(sent).toMatchObject({ taken: 0, refused: [] });
});

test.each([
  [{ username: 'tailrace', password: 'fi:sh' }, `Basic ${Buffer.from('tailrace:fi:sh').toString('base64')}`],
  [{ apiKey: 'a2V5' }, 'ApiKey a2V5'],
  [{}, undefined],
])('it says who asks', async (access, expected) => {
  const server: FakeCluster = await startFakeCluster(() => [200, {}]);
  const cluster = new Cluster({ url: server.url, compression: 'none', ...access });
  await cluster.ask('GET', '/', new AbortController().signal);
  expect(server.requests[0]?.headers.authorization).toBe(expected);
});
