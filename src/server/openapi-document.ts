import { z } from 'zod';
import type { Audience } from './access/request-access.ts';
import type { ApiOperation, Content } from './api-route.ts';

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
  401: 'The token is missing or wrong',
  403: 'The Host header names no host of this server, or a page of another site asks',
  404: 'There is no such thing',
  413: 'The body is too large',
  415: 'The body is not sent as JSON, or in an encoding that is not known',
  422: 'The query ran out of time, memory or rows',
  429: 'Too many requests are under way, or too many wrong tokens came; Retry-After says when to come back',
  500: 'The server failed',
  503: 'The store cannot be used now',
};

const securitySchemes = {
  bearer: {
    type: 'http',
    scheme: 'bearer',
    description: 'server.token, or for readers server.readToken where it is set',
  },
  basic: { type: 'http', scheme: 'basic', description: 'The same as password, with any user: browsers ask for it' },
  firehoseAccessKey: {
    type: 'apiKey',
    in: 'header',
    name: 'X-Amz-Firehose-Access-Key',
    description: 'server.token as Amazon Data Firehose sends it',
  },
};

/** Each of these will do. */
const security: Readonly<Record<Audience, readonly Json[]>> = {
  everybody: [],
  readers: [{ bearer: [] }, { basic: [] }],
  owner: [{ bearer: [] }, { basic: [] }],
  senders: [{ bearer: [] }, { basic: [] }, { firehoseAccessKey: [] }],
};

/** What the check before every address may answer: see access/request-access.ts. */
const accessFailures: Readonly<Record<Audience, readonly number[]>> = {
  everybody: [400, 403],
  readers: [400, 401, 403, 429],
  owner: [400, 401, 403, 429],
  senders: [400, 401, 403, 429],
};

/** The OpenAPI 3.1 document of these addresses, whose schemas are JSON Schema 2020-12 as zod writes it. */
export function describeApi(operations: readonly ApiOperation[], version: string): Json {
  const paths: Record<string, Record<string, Json>> = {};
  for (const operation of operations) {
    const { path, method } = operation;
    paths[path] = { ...paths[path], [method.toLowerCase()]: describeOperation(operation) };
  }
  return {
    openapi: '3.1.1',
    info: {
      title: 'Tailrace',
      version,
      summary: 'CloudFront and load-balancer logs from arrival to answer',
      description:
        'On a loopback address no token is needed unless one is set; on any other, everything but health wants one.',
      license: { name: 'Apache-2.0', identifier: 'Apache-2.0' },
    },
    servers: [{ url: '/' }],
    paths,
    components: {
      securitySchemes,
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

function describeOperation(operation: ApiOperation): Json {
  const { operationId, summary, description, audience = 'readers', body, answer } = operation;
  const parameters = [
    ...describeParameters(operation.pathParameters, 'path'),
    ...describeParameters(operation.query, 'query'),
    ...describeParameters(operation.headers, 'header'),
  ];
  return {
    operationId,
    summary,
    ...(description === undefined ? {} : { description }),
    security: security[audience],
    ...(parameters.length > 0 ? { parameters } : {}),
    ...(body ? { requestBody: { required: true, content: describeContent(body, 'input') } } : {}),
    responses: {
      200: { description: answer.description, content: describeContent(answer.content, 'output') },
      ...describeFailures(operation, accessFailures[audience]),
    },
  };
}

function describeFailures({ failures, failure }: ApiOperation, ofAccess: readonly number[]): Json {
  const statuses = [...new Set([...ofAccess, ...failures])].sort((one, other) => one - other);
  return Object.fromEntries(
    statuses.map((status) => [
      status,
      failure
        ? { description: failureTexts[status], content: describeContent(failure, 'output') }
        : { $ref: `#/components/responses/Failure${status}` },
    ]),
  );
}

function describeContent(content: Content, io: 'input' | 'output'): Json {
  return Object.fromEntries(
    Object.entries(content).map(([type, schema]) => [type, schema ? { schema: toSchema(schema, io) } : {}]),
  );
}

function describeParameters(object: z.ZodObject | undefined, place: 'path' | 'query' | 'header'): Json[] {
  return Object.entries(object?.shape ?? {}).map(([name, type]) => {
    const { description, ...schema } = toSchema(type as z.ZodType, 'input');
    return {
      name,
      in: place,
      required: place === 'path' || !(type as z.ZodType).safeParse(undefined).success,
      ...(description === undefined ? {} : { description }),
      schema,
    };
  });
}

function toSchema(type: z.ZodType, io: 'input' | 'output'): Json {
  const { $schema: _, ...schema } = z.toJSONSchema(type, { io, target: 'draft-2020-12' });
  return schema;
}
