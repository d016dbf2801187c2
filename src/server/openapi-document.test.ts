import { afterAll, beforeAll, describe, expect, it } from 'vitest';
import type { Engine } from '../engine/engine.ts';
import { apiRoutes } from './api-routes.ts';
import { createServer, type TailraceServer } from './create-server.ts';
import { routesOf } from './test-doubles/routes-of.ts';

interface Json {
  readonly [key: string]: Json;
}

let server: TailraceServer;
let document: Json;

beforeAll(async () => {
  const engine = { kind: 'embedded', version: '1' } as unknown as Engine;
  server = await createServer({
    engine,
    config: { host: '127.0.0.1', port: 0 },
    version: '1.2.3',
    consoleFolder: '/none',
  });
  document = (await server.app.inject('/api/openapi.json')).json();
});

afterAll(() => server.stop(0));

describe('the OpenAPI document', () => {
  it('holds what OpenAPI 3.1 wants at its top', () => {
    expect(document).toMatchObject({
      openapi: expect.stringMatching(/^3\.1\.\d+$/),
      info: { title: 'Tailrace', version: '1.2.3' },
    });
  });

  it('describes every address that the server answers, and no other', () => {
    // `printRoutes` shows what the router really has; the console's pages are no part of the API, and the addresses to
    // which logs are sent follow protocols of others, with bodies that are not JSON.
    const isOther = (route: string) => route === 'GET /' || /^(POST|PUT) \/(ingest\/\w+|v1\/logs|.*_bulk)$/.test(route);
    const answered = routesOf(server.app.printRoutes({ commonPrefix: false })).filter((route) => !isOther(route));
    const described = Object.entries(document.paths ?? {}).flatMap(([path, item]) =>
      Object.keys(item).map((method) => `${method.toUpperCase()} ${path}`),
    );
    expect(described.sort()).toEqual(answered.sort());
    expect(described).toHaveLength(apiRoutes.length);
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
      schema: { type: 'integer', minimum: 60, multipleOf: 60 },
    });
  });
});
