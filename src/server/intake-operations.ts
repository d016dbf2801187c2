import { z } from 'zod';
import { bulkIntake } from '../sources/http/bulk/bulk-intake.ts';
import { handshakeRoutes } from '../sources/http/bulk/handshake.ts';
import { firehoseIntake } from '../sources/http/firehose/firehose-intake.ts';
import type { Intake } from '../sources/http/intake.ts';
import { ndjsonIntake } from '../sources/http/ndjson-intake.ts';
import { otlpIntake } from '../sources/http/otlp/otlp-intake.ts';
import type { ApiOperation } from './api-route.ts';

export const ndjsonAnswer = z.strictObject({
  lines: z.int().describe('Lines that were received: rows + rejected + comments + excluded'),
  rows: z.int(),
  rejected: z.int().describe('Lines that are kept in rejects'),
  comments: z.int(),
  excluded: z.int().describe('Lines that rules leave out'),
  known: z.boolean().describe('Whether the same request was already stored, and is skipped'),
  guarantee: z.enum(['exactly-once', 'at-least-once']).describe('The first with an Idempotency-Key'),
});

const bulkResult = z.record(z.string().describe('index or create'), z.looseObject({ status: z.int() }));

export const bulkAnswer = z.strictObject({
  took: z.number().describe('Milliseconds'),
  errors: z.boolean().describe('Whether any document was refused'),
  items: z.array(bulkResult).describe('What became of each document, in their order'),
});

export const bulkFailure = z.strictObject({
  error: z.looseObject({ type: z.string(), reason: z.string() }),
  status: z.int(),
});

export const otlpAnswer = z.strictObject({
  partialSuccess: z
    .strictObject({ rejectedLogRecords: z.string(), errorMessage: z.string() })
    .optional()
    .describe('Records that could not be read; the others are stored'),
});

export const otlpFailure = z.strictObject({ code: z.int().describe('Of google.rpc.Code'), message: z.string() });

export const firehoseAnswer = z.strictObject({
  requestId: z.string(),
  timestamp: z.int().describe('Milliseconds since 1970'),
  errorMessage: z.string().optional(),
});

const idempotencyKey = z
  .string()
  .regex(/^[\x21-\x7e]{1,256}$/)
  .optional()
  .describe('The same for the same body: sent again, nothing is stored twice');
const name = z.string().max(512).optional();

const ndjsonOperation: ApiOperation = {
  ...operationOf(ndjsonIntake, 'sendLines', 'Send lines, JSON or not'),
  query: z.strictObject({
    group: name.describe('Column group of these lines, where they do not say it themselves'),
    service: name,
    host: name,
    stream: name,
  }),
  headers: z.strictObject({ 'Idempotency-Key': idempotencyKey }),
  body: { 'application/x-ndjson': undefined, 'text/plain': undefined },
  answer: { description: 'Everything is durable', content: { 'application/json': ndjsonAnswer } },
};

const otlpOperation: ApiOperation = {
  ...operationOf(otlpIntake, 'sendOtlpLogs', 'Send OpenTelemetry’s logs: an ExportLogsServiceRequest'),
  body: { 'application/x-protobuf': undefined, 'application/json': undefined },
  answer: {
    description: 'An ExportLogsServiceResponse, in the encoding of the request: everything is durable',
    content: { 'application/json': otlpAnswer, 'application/x-protobuf': undefined },
  },
  failure: { 'application/json': otlpFailure, 'application/x-protobuf': undefined },
};

const firehoseOperation: ApiOperation = {
  ...operationOf(firehoseIntake, 'sendFirehose', 'Takes what Amazon Data Firehose delivers to an HTTP endpoint'),
  headers: z.strictObject({
    'X-Amz-Firehose-Request-Id': z.string().min(1).describe('The same when Firehose retries: stored once'),
    'X-Amz-Firehose-Protocol-Version': z.literal('1.0').optional(),
    'X-Amz-Firehose-Source-Arn': z.string().optional(),
    'X-Amz-Firehose-Common-Attributes': z.string().optional().describe('JSON; group, stream, service, host count'),
  }),
  body: {
    'application/json': z.looseObject({
      requestId: z.string().optional(),
      timestamp: z.int().optional(),
      records: z.array(z.looseObject({ data: z.string().describe('base64') })),
    }),
  },
  answer: { description: 'Everything is durable', content: { 'application/json': firehoseAnswer } },
  failure: { 'application/json': firehoseAnswer },
};

const bulkOperations = (['POST', 'PUT'] as const).flatMap((method) =>
  [undefined, z.strictObject({ index: z.string().max(255) })].map((pathParameters): ApiOperation => {
    const into = pathParameters ? 'IntoIndex' : '';
    return {
      ...operationOf(bulkIntake, `${method === 'POST' ? 'bulk' : 'putBulk'}${into}`, 'Elasticsearch’s bulk, of logs'),
      method,
      path: pathParameters ? '/{index}/_bulk' : '/_bulk',
      ...(pathParameters ? { pathParameters } : {}),
      description: 'Documents come in by index and create; update and delete are refused one by one.',
      query: z.strictObject({ filter_path: z.string().optional().describe('Parts of the answer to return') }),
      headers: z.strictObject({ 'Idempotency-Key': idempotencyKey }),
      body: { 'application/x-ndjson': undefined },
      answer: { description: 'What is accepted is durable', content: { 'application/json': bulkAnswer } },
      failure: { 'application/json': bulkFailure },
    };
  }),
);

/** Requests that clients of the bulk intake make before they send; see intake/bulk/handshake.ts. */
const handshakeOperations = handshakeRoutes.flatMap(({ method, url }) =>
  [method].flat().map((one): ApiOperation => {
    const words = url.split('/').filter((word) => word !== '');
    return {
      method: one as ApiOperation['method'],
      path: url.replace(/:(\w+)/g, '{$1}'),
      audience: 'senders',
      operationId: `handshake${capitalize(one.toLowerCase())}${words.map(wordOfId).join('')}`,
      summary: 'Requested by clients and shippers of Elasticsearch before they send',
      ...(url.includes(':name') ? { pathParameters: z.strictObject({ name: z.string() }) } : {}),
      answer: { description: 'The answer that lets the client proceed', content: { 'application/json': undefined } },
      failures: [],
      failure: { 'application/json': bulkFailure },
    };
  }),
);

/** The intake operations, to which logs are sent. */
export const intakeOperations: readonly ApiOperation[] = [
  ndjsonOperation,
  otlpOperation,
  firehoseOperation,
  ...bulkOperations,
  ...handshakeOperations,
];

/** Properties common to all intakes. */
function operationOf({ routes, maxBodyBytes }: Intake, operationId: string, summary: string): ApiOperation {
  const [route] = routes;
  return {
    method: 'POST',
    path: route?.url ?? '',
    audience: 'senders',
    operationId,
    summary,
    description: `At most ${Math.floor(maxBodyBytes / 1024 ** 2)} MiB, inflated; Content-Encoding may be gzip, deflate, br or zstd.`,
    answer: { description: '', content: {} },
    failures: [400, 413, 415, 500, 503],
  };
}

/** `:name` → `OfName`, `_index_template` → `IndexTemplate` */
function wordOfId(word: string): string {
  return word.startsWith(':') ? `Of${capitalize(word.slice(1))}` : word.split('_').map(capitalize).join('');
}

function capitalize(word: string): string {
  return word.charAt(0).toUpperCase() + word.slice(1);
}
