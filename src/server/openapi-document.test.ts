import { afterAll, beforeAll, describe, expect, it } from 'vitest';
import type { z } from 'zod';
import type { Engine } from '../engine/engine.ts';
import { MemorySink } from '../sources/test-doubles/memory-sink.ts';
import { runningHttpSource } from '../sources/test-doubles/running-http-source.ts';
import { createServer, type ServerOptions, type TailraceServer } from './create-server.ts';
import { bulkAnswer, bulkFailure, firehoseAnswer, ndjsonAnswer, otlpAnswer, otlpFailure } from './intake-operations.ts';
import { routesOf } from './test-doubles/routes-of.ts';

interface Json {
  readonly [key: string]: Json;
}

let server: TailraceServer;
let document: Json;

function create(config: Partial<ServerOptions['config']> = {}): Promise<TailraceServer> {
  return createServer({
    engine: { kind: 'embedded', version: '1', rows: async () => [] } as unknown as Engine,
    config: { host: '127.0.0.1', port: 0, ...config },
    version: '1.2.3',
    consoleFolder: '/none',
    intake: runningHttpSource(new MemorySink()),
  });
}

beforeAll(async () => {
  server = await create();
  document = (await server.app.inject('/api/openapi.json')).json();
});

function describedOperations() {
  return Object.entries(document.paths ?? {}).flatMap(([path, item]) =>
    Object.entries(item).map(([method, operation]) => ({ route: `${method.toUpperCase()} ${path}`, operation })),
  );
}

afterAll(() => server.stop(0));

describe('the OpenAPI document', () => {
  it('holds what OpenAPI 3.1 wants at its top', () => {
    expect(document).toMatchObject({
      openapi: expect.stringMatching(/^3\.1\.\d+$/),
      info: { title: 'Tailrace', version: '1.2.3' },
    });
  });

  it('describes every address that the server answers, and no other', () => {
    // `printRoutes` shows what is really registered; the console's pages are not part of the API.
    const answered = routesOf(server.app.printRoutes({ commonPrefix: false })).filter((route) => route !== 'GET /');
    expect(answered.length).toBeGreaterThan(30);
    expect(
      describedOperations()
        .map(({ route }) => route.replace(/\{\w+\}/g, '{}'))
        .sort(),
    ).toEqual(answered.sort());
  });

  it('says of each address who may come, as the server does', async () => {
    const schemes = Object.keys(document.components?.securitySchemes ?? {});
    const guarded = await create({ host: '0.0.0.0', token: 'token-of-senders-1', readToken: 'token-of-readers-1' });
    for (const { route, operation } of describedOperations()) {
      const [method = 'GET', path = ''] = route.split(' ');
      const url = path.replace(/\{\w+\}/g, 'x');
      const headers = { authorization: 'Bearer token-of-senders-1', host: 'localhost' };
      const sent = await guarded.app.inject({ method: method as 'GET', url, headers });
      const stranger = await guarded.app.inject({ method: method as 'GET', url, headers: { host: 'localhost' } });
      const security = Object.values(operation.security ?? {}).flatMap((one) => Object.keys(one));
      expect(security.length > 0, route).toBe(stranger.statusCode === 401);
      expect(security.includes('firehoseAccessKey'), route).toBe(security.length > 0 && sent.statusCode !== 401);
      for (const name of security) expect(schemes).toContain(name);
      expect(Object.keys(operation.responses ?? {}).includes('401'), route).toBe(security.length > 0);
    }
    await guarded.stop(0);
  });

  it('promises of the intakes what they answer', async () => {
    const send = async (url: string, type: string, payload: string, headers = {}) => {
      const sent = { host: 'localhost', 'content-type': type, ...headers };
      const answer = await server.app.inject({ method: 'POST', url, headers: sent, payload });
      return { status: answer.statusCode, body: JSON.parse(answer.body) };
    };
    const id = { 'x-amz-firehose-request-id': 'r1' };
    const answers: [string, z.ZodType, Awaited<ReturnType<typeof send>>][] = [
      ['ndjson', ndjsonAnswer, await send('/ingest/ndjson', 'application/x-ndjson', '{"message":"x"}\n')],
      ['bulk', bulkAnswer, await send('/a/_bulk', 'application/x-ndjson', '{"create":{}}\n{"message":"x"}\n')],
      ['otlp', otlpAnswer, await send('/v1/logs', 'application/json', '{"resourceLogs":[]}')],
      ['firehose', firehoseAnswer, await send('/ingest/firehose', 'application/json', '{"records":[]}', id)],
      ['bulk, refused', bulkFailure, await send('/_bulk', 'application/x-ndjson', 'x')],
      ['otlp, refused', otlpFailure, await send('/v1/logs', 'application/json', '{')],
      ['firehose, refused', firehoseAnswer, await send('/ingest/firehose', 'application/json', '{}')],
    ];
    for (const [name, schema, { status, body }] of answers) {
      expect(status, name).toBe(name.includes('refused') ? 400 : 200);
      expect(schema.safeParse(body).error, name).toBeUndefined();
    }
  });

  it('gives each operation a name of its own, a summary and its answers', () => {
    const operations = Object.values(document.paths ?? {}).flatMap((item) => Object.values(item));
    const names = operations.map((operation) => String(operation.operationId));
    expect(new Set(names).size).toBe(names.length);
    for (const operation of operations) {
      expect(operation.summary).toMatch(/\S/);
      expect(Object.keys(operation.responses ?? {})).toContain('200');
      for (const response of Object.values(operation.responses ?? {})) {
        if (response.$ref === undefined) expect(response.description).toMatch(/\S/);
      }
    }
  });

  it('names every part of a path as a required parameter', () => {
    for (const [path, item] of Object.entries(document.paths ?? {})) {
      const parts = [...path.matchAll(/\{(\w+)\}/g)].map(([, name]) => name);
      for (const operation of Object.values(item)) {
        const parameters = Object.values(operation.parameters ?? {}).filter(
          (parameter) => String(parameter.in) === 'path',
        );
        expect(parameters.map(({ name, required }) => [name, required])).toEqual(parts.map((name) => [name, true]));
      }
    }
  });

  it('refers only to what is in it', () => {
    const references = [...JSON.stringify(document).matchAll(/"\$ref":"([^"]+)"/g)].map(
      ([, reference]) => reference ?? '',
    );
    expect(references.length).toBeGreaterThan(0);
    for (const reference of references) {
      const target = reference
        .replace(/^#\//, '')
        .split('/')
        .reduce<Json | undefined>((at, key) => at?.[key], document);
      expect(target, reference).toBeDefined();
    }
  });

  it('tells clients the limits that the server enforces', () => {
    const report = document.paths?.['/api/reports/{name}']?.get;
    const step = Object.values(report?.parameters ?? {}).find((parameter) => String(parameter.name) === 'step');
    expect(step).toMatchObject({
      in: 'query',
      required: false,
      schema: { type: 'integer', minimum: 1 },
    });
  });
});
