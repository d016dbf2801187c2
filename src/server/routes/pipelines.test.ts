import { afterEach, expect, it } from 'vitest';
import type { Engine } from '../../engine/engine.ts';
import { EngineError } from '../../engine/engine-error.ts';
import type { LakeStatus } from '../../lake/follow-lake.ts';
import type { PipelineStatus } from '../../pipeline/run-pipelines.ts';
import { SinkCounts } from '../../pipeline/sink-counts.ts';
import { createServer, type TailraceServer } from '../create-server.ts';
import { type PipelineAnswer, type PipelinesAnswer, pipelinesRoute } from './pipelines.ts';

const servers: TailraceServer[] = [];
afterEach(() => Promise.all(servers.splice(0).map((server) => server.stop(0))));

const event = { at: '2026-11-20 14:00:00.123', name: 'layout_drift', origin: 's3://logs/a', detail: '9 of 10 lines' };

async function ask(
  pipelines: readonly PipelineStatus[],
  rows: () => Promise<unknown> = async () => [event],
  lake?: LakeStatus,
): Promise<PipelinesAnswer> {
  const server = await createServer({
    engine: { kind: 'embedded', version: '1', rows } as unknown as Engine,
    config: { host: '127.0.0.1', port: 0 },
    version: '1',
    consoleFolder: '/none',
    pipelines: () => pipelines,
    lake: () => lake,
  });
  servers.push(server);
  const answer = await server.app.inject('/api/pipelines');
  expect(answer.statusCode).toBe(200);
  expect(answer.headers['cache-control']).toBe('no-store');
  // As documented in OpenAPI.
  return pipelinesRoute.answer.content['application/json']?.parse(answer.json()) as PipelinesAnswer;
}

function pipeline(name: string, changed: Partial<PipelineStatus> = {}): PipelineStatus {
  return {
    name,
    source: 's3',
    state: 'running',
    retries: 0,
    outcomes: {},
    parts: [],
    linesPerSecond: 0,
    counts: new SinkCounts(),
    isHeldBack: false,
    ...changed,
  };
}

it('tells of a pipeline in full, in milliseconds and UTC', async () => {
  const counts = Object.assign(new SinkCounts(), {
    lines: 10,
    rows: 7,
    rejected: 2,
    comments: 1,
    excluded: 0,
    bytes: 1000,
    deliveries: 3,
    known: 1,
    batches: 2,
    batchMs: 41.5,
    events: 1,
    retries: 4,
    waitingDeliveries: 5,
    waitingBytes: 6000,
    lastStoredAtMs: Date.UTC(2026, 10, 20, 14, 0, 1, 2),
  });
  const parts = [
    { name: 'shardId-0', lagMs: 1500 },
    { name: 'shardId-1', oldestUnacknowledgedMs: 20 },
    { name: 'x', waiting: 9 },
  ];
  const status = pipeline('edge', {
    source: 'kinesis',
    problem: 'cannot read',
    retries: 9,
    parts,
    outcomes: { stored: 3, gone: 1 },
    linesPerSecond: 12.5,
    lagMs: 1500,
    oldestUnacknowledgedMs: 20,
    counts,
    isHeldBack: true,
  });
  const { since, pipelines, events } = await ask([status]);
  expect(Math.abs(Date.parse(`${since.replace(' ', 'T')}Z`) - performance.timeOrigin)).toBeLessThan(2);
  expect(events).toEqual([event]);
  expect(pipelines).toEqual([
    {
      name: 'edge',
      source: 'kinesis',
      state: 'running',
      problem: 'cannot read',
      isHeldBack: true,
      linesPerSecond: 12.5,
      lagMs: 1500,
      oldestUnacknowledgedMs: 20,
      waitingBytes: 6000,
      waitingDeliveries: 5,
      retries: 9,
      lastBatchMs: 41.5,
      lastStoredAt: '2026-11-20 14:00:01.002',
      usualGapMs: null,
      counts: {
        lines: 10,
        rows: 7,
        rejected: 2,
        comments: 1,
        excluded: 0,
        bytes: 1000,
        deliveries: 3,
        known: 1,
        batches: 2,
        events: 1,
      },
      outcomes: { stored: 3, gone: 1 },
      parts: [
        { name: 'shardId-0', lagMs: 1500, oldestUnacknowledgedMs: null, waiting: null },
        { name: 'shardId-1', lagMs: null, oldestUnacknowledgedMs: 20, waiting: null },
        { name: 'x', lagMs: null, oldestUnacknowledgedMs: null, waiting: 9 },
      ],
    } satisfies PipelineAnswer,
  ]);
});

it('says null where there is nothing yet', async () => {
  const { pipelines } = await ask([pipeline('new', { state: 'starting' })]);
  expect(pipelines[0]).toMatchObject({
    problem: null,
    lagMs: null,
    oldestUnacknowledgedMs: null,
    lastBatchMs: null,
    lastStoredAt: null,
    usualGapMs: null,
  });
});

it('puts trouble first, and leaves the rest in its order', async () => {
  const { pipelines } = await ask([
    pipeline('ended', { state: 'stopped' }),
    pipeline('b'),
    pipeline('a'),
    pipeline('full', { isHeldBack: true }),
    pipeline('retries', { state: 'retrying', isHeldBack: true }),
    pipeline('broken', { state: 'failed' }),
  ]);
  expect(pipelines.map(({ name }) => name)).toEqual(['broken', 'retries', 'full', 'b', 'a', 'ended']);
});

it.each([
  ['fails', () => Promise.reject(new EngineError('TAILRACE_STORE_UNAVAILABLE', 'gone', { retryable: true }))],
  ['hangs', () => new Promise(() => {})],
])('answers while the store %s', async (_what, rows) => {
  const { pipelines, events } = await ask([pipeline('a')], rows);
  expect(pipelines).toHaveLength(1);
  expect(events).toBeNull();
});

it('answers also when nothing runs', async () => {
  expect(await ask([])).toMatchObject({ pipelines: [] });
});

it('tells of the lake, and of none', async () => {
  const counts = { hours: 3, rows: 40, bytes: 5000, failures: 2 };
  const status = {
    name: '/srv/lake',
    state: 'retrying',
    problem: 'the disk is full',
    completeUntilMs: 0,
    ...counts,
  } as const;
  const { lake } = await ask([], undefined, status);
  expect(lake).toEqual({ name: '/srv/lake', state: 'retrying', problem: 'the disk is full', lagMs: null, counts });
  const later = await ask([], undefined, { ...status, completeUntilMs: Date.now() - 3_600_000 });
  expect(Math.floor((later.lake?.lagMs ?? 0) / 600_000)).toBe(6);
  expect((await ask([])).lake).toBe(null);
});
