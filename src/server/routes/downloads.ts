import { z } from 'zod';
import { outputFormats } from '../../engine/output-formats.ts';
import { answerQuestion } from '../answer-question.ts';
import type { ApiRoute } from '../api-route.ts';
import { formatNames, questionBody } from '../question-body.ts';
import { readRequest } from '../read-request.ts';

const idParameters = z.strictObject({ id: z.string().describe('As in the address that was answered') });

export const prepareDownloadRoute: ApiRoute = {
  method: 'POST',
  path: '/api/downloads',
  operationId: 'prepareDownload',
  summary: 'Prepare the download of an answer',
  description:
    'For browsers, which stream to a file only what an address answers. The question is asked when the file is fetched.',
  body: { 'application/json': questionBody },
  answer: {
    description: 'Where to fetch it: once, within a minute',
    content: { 'application/json': z.strictObject({ address: z.string() }) },
  },
  failures: [400, 413, 415, 429],
  handler({ downloads }, request) {
    return { address: `api/downloads/${downloads.add(readRequest(questionBody, 'body', request.body))}` };
  },
};

export const downloadRoute: ApiRoute = {
  method: 'GET',
  path: '/api/downloads/{id}',
  operationId: 'download',
  summary: 'Download a prepared answer',
  pathParameters: idParameters,
  answer: {
    description: 'The result, as a file',
    content: Object.fromEntries(
      formatNames.map((name) => [outputFormats[name].mediaType.split(';')[0] ?? name, undefined]),
    ),
  },
  failures: [400, 404, 422, 429, 500, 503],
  handler(context, request, reply) {
    const { id } = request.params as z.output<typeof idParameters>;
    const question = context.downloads.take(id);
    const name = `tailrace.${outputFormats[question.format].ending}`;
    return answerQuestion(context, question, reply.header('content-disposition', `attachment; filename="${name}"`));
  },
};
