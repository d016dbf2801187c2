import { z } from 'zod';
import type { ApiRoute } from './api-route.ts';

type Json = Readonly<Record<string, unknown>>;

const errorAnswer = z.strictObject({
  error: z.strictObject({
    code: z.string().describe('Stable, e.g. TAILRACE_QUERY_LIMIT'),
    message: z.string().describe('What could not be done, to what, and why'),
    remedy: z.string().optional().describe('What to do about it'),
  }),
});

const failureTexts: Readonly<Record<number, string>> = {
  400: 'The request or the SQL is wrong, or asks for what is not allowed',
  404: 'There is no such thing',
  413: 'The body is too large',
  415: 'The body is not sent as JSON',
  422: 'The query ran out of time, memory or rows',
  429: 'Too many requests are under way; Retry-After says when to come back',
  500: 'The server failed',
  503: 'The store cannot be used now',
};

/** The OpenAPI 3.1 document of these routes, whose schemas are JSON Schema 2020-12 as zod writes it. */
export function describeApi(routes: readonly ApiRoute[], version: string): Json {
  const paths: Record<string, Record<string, Json>> = {};
  for (const route of routes) {
    paths[route.path] = { ...paths[route.path], [route.method.toLowerCase()]: describeOperation(route) };
  }
  return {
    openapi: '3.1.1',
    info: {
      title: 'Tailrace',
      version,
      summary: 'CloudFront and load-balancer logs from arrival to answer',
      license: { name: 'Apache-2.0', identifier: 'Apache-2.0' },
    },
    servers: [{ url: '/' }],
    paths,
    components: {
      schemas: { Error: toSchema(errorAnswer, 'output') },
      responses: Object.fromEntries(
        Object.entries(failureTexts).map(([status, description]) => [
          `Failure${status}`,
          { description, content: { 'application/json': { schema: { $ref: '#/components/schemas/Error' } } } },
        ]),
      ),
    },
  };
}

function describeOperation(route: ApiRoute): Json {
  const { operationId, summary, description, body, answer, failures } = route;
  const parameters = [...describeParameters(route.pathParameters, 'path'), ...describeParameters(route.query, 'query')];
  return {
    operationId,
    summary,
    ...(description === undefined ? {} : { description }),
    ...(parameters.length > 0 ? { parameters } : {}),
    ...(body
      ? { requestBody: { required: true, content: { 'application/json': { schema: toSchema(body, 'input') } } } }
      : {}),
    responses: {
      200: {
        description: answer.description,
        content: Object.fromEntries(
          Object.entries(answer.content).map(([type, schema]) => [
            type,
            schema ? { schema: toSchema(schema, 'output') } : {},
          ]),
        ),
      },
      ...Object.fromEntries(failures.map((status) => [status, { $ref: `#/components/responses/Failure${status}` }])),
    },
  };
}

function describeParameters(object: z.ZodObject | undefined, place: 'path' | 'query'): Json[] {
  return Object.entries(object?.shape ?? {}).map(([name, type]) => {
    const { description, ...schema } = toSchema(type as z.ZodType, 'input');
    return {
      name,
      in: place,
      required: place === 'path',
      ...(description === undefined ? {} : { description }),
      schema,
    };
  });
}

function toSchema(type: z.ZodType, io: 'input' | 'output'): Json {
  const { $schema: _, ...schema } = z.toJSONSchema(type, { io, target: 'draft-2020-12' });
  return schema;
}
