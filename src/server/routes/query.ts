import { z } from 'zod';
import { inFormat, outputFormats } from '../../engine/output-formats.ts';
import { questionError } from '../api-error.ts';
import type { ApiRoute, ServerContext } from '../api-route.ts';
import { readRequest } from '../read-request.ts';
import { awaitFirst, streamAnswer } from '../stream-answer.ts';

const formatNames = Object.keys(outputFormats) as (keyof typeof outputFormats)[];

const queryBody = z.strictObject({
  sql: z.string().min(1).describe('One SELECT in ClickHouse’s SQL'),
  params: z
    .record(z.string().regex(/^\w+$/), z.unknown())
    .optional()
    .describe('Values of the placeholders {name:Type} in the SQL'),
  format: z
    .enum(formatNames)
    .default('json')
    .describe('Output format; csv-safe is for spreadsheets: no text in it starts a formula'),
});

/** The format `json`; later versions may add members. */
const jsonAnswer = z.looseObject({
  meta: z.array(z.strictObject({ name: z.string(), type: z.string() })),
  data: z
    .array(z.record(z.string(), z.unknown()))
    .describe('Rows by column name; integers of 64 bits and more, decimals, nan and inf are texts'),
  rows: z.int(),
});

export const queryRoute: ApiRoute = {
  method: 'POST',
  path: '/api/query',
  operationId: 'ask',
  summary: 'Query with SQL',
  description:
    'Read-only, without access to files, networks and settings, and limited in time, memory and rows. The answer is streamed; a connection that breaks before the end of the chunked body means that the answer is incomplete. The query is cancelled when the client disconnects.',
  body: { 'application/json': queryBody },
  answer: {
    description: 'The result',
    content: Object.fromEntries(
      formatNames.map((name) => [
        outputFormats[name].mediaType.split(';')[0] ?? name,
        name === 'json' ? jsonAnswer : undefined,
      ]),
    ),
  },
  failures: [400, 413, 415, 422, 429, 500, 503],
  async handler(context, request, reply) {
    const { sql, params, format } = readRequest(queryBody, 'body', request.body);
    const { clickhouse, mediaType } = outputFormats[format];
    const signal = context.running.begin(reply, 'question');
    const statement = { sql, ...(params ? { params } : {}) };
    const chunks = await beginAnswer(context, signal, () =>
      inFormat(format, context.engine.ask(statement, { format: clickhouse, signal })),
    );
    return streamAnswer(reply, chunks, mediaType);
  },
};

async function beginAnswer(
  { metrics }: ServerContext,
  signal: AbortSignal,
  ask: () => AsyncIterable<Uint8Array>,
): Promise<AsyncIterable<Uint8Array>> {
  const end = metrics.startQuery('question');
  try {
    const chunks = await awaitFirst(ask());
    end('answered');
    return chunks;
  } catch (error) {
    end(signal.aborted ? 'cancelled' : 'failed');
    throw questionError(error);
  }
}
