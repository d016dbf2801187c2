import { mkdir, mkdtemp, rm, writeFile } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { afterEach, beforeEach, describe, expect, it } from 'vitest';
import type { Engine } from '../engine/engine.ts';
import { EngineError } from '../engine/engine-error.ts';
import { outputFormats } from '../engine/output-formats.ts';
import { createServer, type TailraceServer } from './create-server.ts';

/** An engine of which only `rows` is called. */
const engine = { kind: 'embedded', version: '26.7.1.1', rows: async () => [{ one: 1 }] } as unknown as Engine;
const brokenEngine = {
  ...engine,
  rows: () =>
    Promise.reject(new EngineError('TAILRACE_STORE_UNAVAILABLE', 'cannot use the store: gone', { retryable: true })),
} as Engine;

let folder: string;
const servers: TailraceServer[] = [];

beforeEach(async () => {
  folder = await mkdtemp(join(tmpdir(), 'tailrace-console-'));
});

afterEach(async () => {
  for (const server of servers.splice(0)) await server.stop(0);
  await rm(folder, { recursive: true, force: true });
});

async function open(
  changed: { engine?: Engine; host?: string; port?: number; onFault?: (fault: string) => void } = {},
): Promise<TailraceServer> {
  const server = await createServer({
    engine: changed.engine ?? engine,
    config: { host: changed.host ?? '127.0.0.1', port: changed.port ?? 0 },
    version: '1.2.3',
    consoleFolder: folder,
    ...(changed.onFault ? { onFault: changed.onFault } : {}),
  });
  servers.push(server);
  return server;
}

describe('health', () => {
  it('tells a living process from a ready one', async () => {
    const { app } = await open({ engine: brokenEngine });
    for (const path of ['/healthz', '/livez']) {
      expect((await app.inject(path)).json()).toEqual({ status: 'alive' });
    }
    const answer = await app.inject('/readyz');
    expect(answer.statusCode).toBe(503);
    expect(answer.headers['retry-after']).toBe('5');
    expect(answer.json()).toMatchObject({ error: { code: 'TAILRACE_NOT_READY' } });
  });

  it('is ready when the engine answers, and names the versions', async () => {
    const { app } = await open();
    expect((await app.inject('/readyz')).json()).toEqual({ status: 'ready' });
    expect((await app.inject('/version')).json()).toEqual({
      tailrace: '1.2.3',
      node: process.versions.node,
      engine: { kind: 'embedded', version: '26.7.1.1' },
    });
  });

  it('prints metrics also without a store', async () => {
    const { app } = await open({ engine: brokenEngine });
    await app.inject('/healthz');
    const answer = await app.inject('/metrics');
    expect(answer.statusCode).toBe(200);
    expect(answer.headers['content-type']).toMatch(/^text\/plain; version=0\.0\.4/);
    expect(answer.body).toContain('\ntailrace_store_up 0\n');
    expect(answer.body).not.toMatch(/^tailrace_store_rows /m);
    expect(answer.body).toContain('tailrace_http_requests_total{method="GET",route="/healthz",status="200"} 1');
  });
});

describe('errors', () => {
  it.each([
    ['GET', '/nothing', 404, 'TAILRACE_NOT_FOUND'],
    ['GET', '/api/query', 405, 'TAILRACE_METHOD_REFUSED'],
    ['POST', '/api/reports', 405, 'TAILRACE_METHOD_REFUSED'],
    ['OPTIONS', '/api/query', 405, 'TAILRACE_METHOD_REFUSED'],
    ['GET', '/%zz', 400, 'TAILRACE_REQUEST_INVALID'],
    ['GET', '/api/range', 503, 'TAILRACE_STORE_UNAVAILABLE'],
  ] as const)('%s %s answers %i in the one form', async (method, url, status, code) => {
    const { app } = await open({ engine: brokenEngine });
    const answer = await app.inject({ method, url });
    expect(answer.statusCode).toBe(status);
    expect(answer.json()).toMatchObject({ error: { code, message: expect.stringMatching(/^cannot /) } });
  });

  it('tells strangers nothing about a fault of the program', async () => {
    const { app } = await open({ engine: { ...engine, rows: () => Promise.reject(new Error('secret')) } as Engine });
    const answer = await app.inject('/api/range');
    expect(answer.statusCode).toBe(500);
    expect(answer.json()).toMatchObject({ error: { code: 'TAILRACE_INTERNAL' } });
    expect(answer.body).not.toContain('secret');
  });

  it.each([
    ['text', { 'content-type': 'text/plain' }, '{"sql":"SELECT 1"}', 415, 'TAILRACE_MEDIA_TYPE'],
    ['a form', { 'content-type': 'application/x-www-form-urlencoded' }, 'sql=SELECT', 415, 'TAILRACE_MEDIA_TYPE'],
    ['no type', {}, '{"sql":"SELECT 1"}', 415, 'TAILRACE_MEDIA_TYPE'],
    ['broken JSON', { 'content-type': 'application/json' }, '{"sql":', 400, 'TAILRACE_REQUEST_INVALID'],
    ['no body', { 'content-type': 'application/json' }, '', 400, 'TAILRACE_REQUEST_INVALID'],
    [
      'two megabytes',
      { 'content-type': 'application/json' },
      `{"sql":"${'x'.repeat(2e6)}"}`,
      413,
      'TAILRACE_BODY_TOO_LARGE',
    ],
  ])('refuses a question sent as %s', async (_, headers, payload, status, code) => {
    const { app } = await open();
    const answer = await app.inject({ method: 'POST', url: '/api/query', headers, payload });
    expect(answer.statusCode).toBe(status);
    expect(answer.json()).toMatchObject({ error: { code } });
  });

  it('takes nothing that is nested without end, and says so', async () => {
    const { app } = await open();
    const nested = (depth: number) =>
      `{"sql":"SELECT 1","params":{"p":${'['.repeat(depth)}"]\\"[["${']'.repeat(depth)}}}`;
    for (const depth of [63, 5000, 200_000]) {
      const payload = nested(depth);
      const answer = await app.inject({
        method: 'POST',
        url: '/api/query',
        headers: { 'content-type': 'application/json' },
        payload,
      });
      expect(answer.statusCode, String(depth)).toBe(400);
      expect(answer.json().error.message).toBe('cannot read the body: it is nested more than 64 deep');
    }
  });

  it('names every problem of a body, and the nearest key', async () => {
    const { app } = await open();
    const answer = await app.inject({
      method: 'POST',
      url: '/api/query',
      payload: { sql: 1, format: 'xml', parms: {} },
    });
    expect(answer.statusCode).toBe(400);
    const formats = Object.keys(outputFormats)
      .map((name) => `"${name}"`)
      .join('|');
    expect(answer.json().error.message).toBe(
      'cannot read the body: "sql": expected string, received number; ' +
        `"format": invalid option: expected one of ${formats}; there is no "parms"; did you mean "params"?`,
    );
  });
});

describe('a fault of the program', () => {
  it('is told once to whoever runs it, under the number that the client gets, and nothing of the request', async () => {
    const faults: string[] = [];
    const thrown = new TypeError('cannot read x of \u001b[31mundefined\nat line 2');
    const broken = { ...engine, rows: () => Promise.reject(thrown) } as Engine;
    const { app } = await open({ engine: broken, onFault: (fault) => faults.push(fault) });
    const answer = await app.inject({
      url: '/api/reports/errors?q=host:secret',
      headers: { authorization: 'Bearer secret' },
    });
    expect(answer.statusCode).toBe(500);
    const { message, remedy } = answer.json().error;
    expect(message).toBe('cannot answer: the server failed');
    const [, id = 'none'] = /under "([^"]+)"/.exec(remedy) ?? [];
    expect(faults).toEqual([
      expect.stringMatching(
        new RegExp(
          `^cannot answer request "${id}" \\(GET /api/reports/:name\\): TypeError: cannot read x of  \\[31mundefined at line 2; at `,
        ),
      ),
    ]);
    expect(faults[0]).toContain('create-server.test.ts');
    expect(faults[0]).not.toMatch(/secret|\p{Cc}/u);
  });

  it('is none when the store is away, or the request is wrong', async () => {
    const faults: string[] = [];
    const { app } = await open({ engine: brokenEngine, onFault: (fault) => faults.push(fault) });
    for (const url of ['/api/range', '/readyz', '/nothing', '/api/reports/errors?from=x']) await app.inject(url);
    expect(faults).toEqual([]);
  });
});

describe('security', () => {
  it('sends its headers with every answer, and none of CORS', async () => {
    const { app } = await open();
    for (const url of ['/', '/healthz', '/nothing', '/api/reports']) {
      const { headers } = await app.inject({ url, headers: { origin: 'http://evil.example' } });
      expect(headers['content-security-policy']).toContain("default-src 'self'");
      expect(headers['x-content-type-options']).toBe('nosniff');
      expect(Object.keys(headers).filter((name) => name.startsWith('access-control'))).toEqual([]);
    }
  });

  it('refuses a Host that is not this machine, on every address', async () => {
    const { app } = await open();
    for (const url of ['/', '/healthz', '/api/range', '/nothing']) {
      const answer = await app.inject({ url, headers: { host: 'rebound.example:4280' } });
      expect(answer.statusCode).toBe(403);
      expect(answer.json()).toMatchObject({ error: { code: 'TAILRACE_HOST_REFUSED' } });
    }
  });
});

describe('console', () => {
  it('says how to build it', async () => {
    const { app } = await open();
    const answer = await app.inject('/');
    expect(answer.statusCode).toBe(503);
    expect(answer.headers['content-type']).toBe('text/html; charset=utf-8');
    expect(answer.body).toContain('npm run build');
  });

  it('serves the built pages, which are kept only where the name follows the content', async () => {
    await mkdir(join(folder, 'assets'));
    await writeFile(join(folder, 'index.html'), '<p>console');
    await writeFile(join(folder, 'report.html'), '<p>form');
    await writeFile(join(folder, 'assets', 'app.1a2b.js'), '1');
    await writeFile(join(folder, '..', 'outside.txt'), 'secret');
    const { app } = await open();
    const page = await app.inject('/');
    expect(page.body).toBe('<p>console');
    expect(page.headers['cache-control']).toBe('no-cache');
    expect((await app.inject('/assets/app.1a2b.js')).headers['cache-control']).toContain('immutable');
    for (const url of ['/report.html', '/assets/', '/../outside.txt', '/%2e%2e/outside.txt', '/assets/none.js']) {
      const answer = await app.inject(url);
      expect(answer.statusCode, url).toBe(404);
      expect(answer.json(), url).toMatchObject({ error: { code: 'TAILRACE_NOT_FOUND' } });
    }
  });
});

describe('listen', () => {
  it('says what to do when the port is taken', async () => {
    const address = await (await open()).listen();
    const second = await open({ port: Number(new URL(address).port) });
    await expect(second.listen()).rejects.toThrow(
      /^cannot listen on "127\.0\.0\.1:\d+": another program listens there; stop it or choose/,
    );
  });
});
