import fastify from 'fastify';
import { describe, expect, it } from 'vitest';
import { MemorySink } from '../sources/test-doubles/memory-sink.ts';
import { runningHttpSource } from '../sources/test-doubles/running-http-source.ts';
import { createServer } from './create-server.ts';
import { ErrorAnswers } from './error-answers.ts';
import { serveIntakes } from './intake-routes.ts';
import { RunningRequests } from './running-requests.ts';
import { setUpIntakeServer, startIntakeServer } from './test-doubles/intake-server.ts';

const target = setUpIntakeServer();
const { post } = target;

const paths = ['/ingest/firehose', '/ingest/ndjson', '/_bulk', '/logs/_bulk', '/v1/logs'];

describe('access', () => {
  const senders: Readonly<Record<string, string>>[] = [
    { authorization: 'Bearer s3cret' },
    { authorization: `Basic ${btoa('any:s3cret')}` },
    { 'x-amz-firehose-access-key': 's3cret' },
  ];
  const strangers: Readonly<Record<string, string>>[] = [
    {},
    { authorization: 'Bearer s3cre' },
    { authorization: 'Bearer ' },
    { authorization: 's3cret' },
    { authorization: `Basic ${btoa('s3cret:')}` },
    { 'x-amz-firehose-access-key': 's3cret2' },
  ];

  it('is for who knows the token, where there is one, in each of its forms', async () => {
    const guarded = await startIntakeServer('s3cret');
    try {
      const send = (path: string, headers: Readonly<Record<string, string>>) =>
        fetch(guarded.url + path, { method: 'POST', body: 'x', headers });
      for (const headers of senders) expect((await send('/ingest/ndjson', headers)).status).toBe(200);
      for (const headers of strangers) {
        for (const path of paths) {
          const answer = await send(path, headers);
          expect(answer.status, path).toBe(401);
          expect(await answer.text()).toMatch(/cannot take these logs: the token is missing or wrong/);
        }
      }
      expect((await fetch(`${guarded.url}/_license`)).status).toBe(401);
      expect(guarded.sink.lines).toEqual(['x', 'x', 'x']);
      expect(guarded.server.intakeCounts.bulk.refused).toEqual({ invalid: 12, busy: 0, unavailable: 0 });
    } finally {
      await guarded.server.stop(0);
    }
  });

  it('is not for pages of other sites, which could post text without asking first', async () => {
    for (const origin of ['http://evil.example', 'null', 'http://127.0.0.1:1', `${target.url}.evil.example`]) {
      for (const path of paths) expect((await post(path, 'x', { origin })).status, path).toBe(403);
    }
    expect((await post('/ingest/ndjson', 'x', { origin: target.url })).status).toBe(200);
    expect(target.sink.lines).toEqual(['x']);
  });

  it('is not for names that only resolve to this machine', async () => {
    const { statusCode, body } = await target.server.app.inject({
      method: 'POST',
      url: '/_bulk',
      headers: { host: 'rebound.example' },
      payload: 'x',
    });
    expect([statusCode, JSON.parse(body)]).toMatchObject([403, { error: { type: 'security_exception' }, status: 403 }]);
  });
});

describe('back-pressure', () => {
  it.each<[string, object, number]>([
    ['full', { waitingBytes: 1, full: true }, 429],
    ['stopped', { waitingBytes: 1, full: false, problem: 'the disk is full' }, 503],
  ])('a store that is %s', async (_name, pressure, status) => {
    Object.assign(target.sink, { pressureNow: pressure });
    for (const path of paths) {
      const answer = await post(path, 'x');
      expect(answer.status).toBe(status);
      expect(Number(answer.headers.get('retry-after'))).toBeGreaterThan(0);
    }
    expect(target.sink.calls).toEqual([]);
    const { refused } = target.server.intakeCounts.otlp;
    expect(refused).toEqual({ invalid: 0, busy: status === 429 ? 1 : 0, unavailable: status === 503 ? 1 : 0 });
  });

  it('limits what all requests hold together', async () => {
    const app = fastify();
    const errors = new ErrorAnswers(() => {});
    errors.serve(app);
    const sink = new MemorySink();
    const open = sink.hold();
    const source = runningHttpSource(sink, 1000);
    serveIntakes(app, { source, counts: source.counts, running: new RunningRequests(), errors });
    const url = `${await app.listen({ host: '127.0.0.1', port: 0 })}/ingest/ndjson`;
    const send = () => fetch(url, { method: 'POST', body: 'x'.repeat(600) });
    const first = send();
    await expect.poll(() => sink.calls.length).toBe(1);
    const refused = await send();
    expect(refused.status).toBe(429);
    expect(Number(refused.headers.get('retry-after'))).toBeGreaterThan(0);
    open();
    expect((await first).status).toBe(200);
    expect((await send()).status).toBe(200);
    await app.close();
  });
});

describe('the end', () => {
  it('lets requests under way finish, and takes no new ones', async () => {
    const open = target.sink.hold();
    const first = post('/ingest/ndjson', 'x');
    await expect.poll(() => target.sink.calls.length).toBe(1);
    const stopped = target.server.stop(10_000);
    const second = await post('/ingest/ndjson', 'y').then(
      ({ status }) => status,
      () => 'refused',
    );
    expect([503, 'refused']).toContain(second);
    open();
    expect((await first).status).toBe(200);
    await stopped;
    expect(target.sink.lines).toEqual(['x']);
  });

  it('a server without a sink says what is missing', async () => {
    const server = await createServer({
      engine: undefined as never,
      config: { host: '127.0.0.1', port: 0 },
      version: '1',
      consoleFolder: '/none',
    });
    for (const url of paths) {
      const { statusCode, body } = await server.app.inject({ method: 'POST', url, payload: 'x' });
      expect(statusCode).toBe(503);
      expect(body).toMatch(/tailrace up/);
    }
    await server.stop(0);
  });
});
