import type { FastifyReply } from 'fastify';
import { inFormat, outputFormats } from '../engine/output-formats.ts';
import { questionError } from './api-error.ts';
import type { ServerContext } from './api-route.ts';
import type { QuestionBody } from './question-body.ts';
import { awaitFirst, streamAnswer } from './stream-answer.ts';

/** Streams the answer. @throws ApiError before the first byte of it */
export async function answerQuestion(
  context: ServerContext,
  { sql, params, format, limit }: QuestionBody,
  reply: FastifyReply,
): Promise<FastifyReply> {
  const { clickhouse, mediaType } = outputFormats[format];
  const signal = context.running.begin(reply, 'question');
  const statement = { sql, ...(params ? { params } : {}) };
  const options = { format: clickhouse, signal, ...(limit === undefined ? {} : { limit }) };
  const chunks = await beginAnswer(context, signal, () => inFormat(format, context.engine.ask(statement, options)));
  return streamAnswer(reply, chunks, mediaType);
}

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
