import { isAbsolute } from 'node:path';
import { z } from 'zod';
import { lineRulesSections } from '../../config/sections/line-rules-section.ts';
import { ApiError } from '../api-error.ts';
import type { ApiRoute } from '../api-route.ts';
import { readRequest } from '../read-request.ts';

const name = z.string().min(1).max(200);

const ingestBody = z.strictObject({
  paths: z
    .array(z.string().refine(isAbsolute, 'a path must be absolute'))
    .min(1)
    .describe('Absolute paths of files on the machine on which the server runs'),
  layout: z
    .strictObject({
      format: name.exactOptional(),
      columns: z.array(name).max(1000).exactOptional(),
      delimiter: z.string().min(1).max(10).exactOptional(),
      names: z.partialRecord(z.enum(['time', 'level', 'message']), z.array(name).max(100)).exactOptional(),
      samplingRate: z.number().gt(0).max(100).exactOptional(),
    })
    .exactOptional()
    .describe('Layout of files that do not contain it themselves'),
  identities: z
    .record(z.string(), z.strictObject({ origin: z.string().min(1).max(4096), version: z.string().min(1).max(200) }))
    .exactOptional()
    .describe('By path, the ledger identity of files that are not identified by their path'),
  rules: z.strictObject(lineRulesSections()).exactOptional().describe('Rules for excluding and masking lines'),
});

export const ingestRoute: ApiRoute = {
  method: 'POST',
  path: '/api/ingest',
  audience: 'owner',
  operationId: 'ingestFiles',
  summary: 'Store files on the server’s machine',
  description:
    'For "tailrace ingest" of the user who runs the server, while the server has the store open. Requests are stored one at a time; a request ends when its client disconnects, and what is stored stays stored.',
  body: { 'application/json': ingestBody },
  answer: {
    description: 'Lines of JSON: progress from time to time, finally a result or an error',
    content: { 'application/x-ndjson': undefined },
  },
  failures: [400, 404, 413, 415, 429],
  handler({ fileIngests, running }, request, reply) {
    if (!fileIngests) throw new ApiError(404, 'TAILRACE_NOT_FOUND', 'cannot store files: this server stores nothing');
    const body = readRequest(ingestBody, 'body', request.body);
    const answer = fileIngests.ingest(body, running.begin(reply, 'ingest'));
    return reply.header('content-type', 'application/x-ndjson').header('cache-control', 'no-store').send(answer);
  },
};
