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
    .describe('Files of the machine on which the server runs, by their absolute paths'),
  layout: z
    .strictObject({
      format: name.exactOptional(),
      columns: z.array(name).max(1000).exactOptional(),
      delimiter: z.string().min(1).max(10).exactOptional(),
      names: z.partialRecord(z.enum(['time', 'level', 'message']), z.array(name).max(100)).exactOptional(),
      samplingRate: z.number().gt(0).max(100).exactOptional(),
    })
    .exactOptional()
    .describe('What the files are, where they do not say so themselves'),
  identities: z
    .record(z.string(), z.strictObject({ origin: z.string().min(1).max(4096), version: z.string().min(1).max(200) }))
    .exactOptional()
    .describe('By path, what a file is in the ledger that is known by something else than where it lies'),
  rules: z.strictObject(lineRulesSections()).exactOptional().describe('What of their lines is left out and masked'),
});

export const ingestRoute: ApiRoute = {
  method: 'POST',
  path: '/api/ingest',
  audience: 'owner',
  operationId: 'ingestFiles',
  summary: 'Store files of the server’s machine',
  description:
    'For "tailrace ingest" of the user who runs the server, while the server has the store open. One request is stored after the other; it ends when the client leaves, and what is stored stays.',
  body: { 'application/json': ingestBody },
  answer: {
    description: 'Lines of JSON: progress from time to time, at last a result or an error',
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
