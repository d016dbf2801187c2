import { z } from 'zod';
import { outputFormats } from '../../engine/output-formats.ts';
import { answerQuestion } from '../answer-question.ts';
import type { ApiRoute } from '../api-route.ts';
import { formatNames, questionBody } from '../question-body.ts';
import { readRequest } from '../read-request.ts';

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
  body: { 'application/json': questionBody },
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
  handler(context, request, reply) {
    return answerQuestion(context, readRequest(questionBody, 'body', request.body), reply);
  },
};
