import { z } from 'zod';
import { replayShipments } from '../../ledger/replay-shipments.ts';
import { ApiError } from '../api-error.ts';
import type { ApiRoute } from '../api-route.ts';
import { readRequest } from '../read-request.ts';

const time = (text: string) => z.int().min(0).exactOptional().describe(`${text}, milliseconds since 1970`);

const replayBody = z.strictObject({
  destination: z.string().min(1).max(200).describe('As in the configuration'),
  fromMs: time('Only batches begun since then'),
  untilMs: time('Only batches begun before then'),
  dryRun: z.boolean().exactOptional().describe('Only count'),
});

const replayAnswer = z.strictObject({
  batches: z.int().describe('Batches that are delivered again'),
  dead: z.int().describe('Of them, those that were given up'),
  refused: z.int().describe('Rows that the destination refused when they were delivered last'),
  rows: z.int().describe('Rows of requests and logs in these batches'),
});

export const replayRoute: ApiRoute = {
  method: 'POST',
  path: '/api/replay',
  audience: 'operator',
  operationId: 'replayDestination',
  summary: 'Deliver again what a destination refused',
  description: 'As "tailrace replay --destination" does. The batches are delivered after the answer.',
  body: { 'application/json': replayBody },
  answer: { description: 'What is delivered again', content: { 'application/json': replayAnswer } },
  failures: [400, 404, 413, 415, 429],
  async handler({ engine, destinations }, request) {
    const { dryRun = false, ...selection } = readRequest(replayBody, 'body', request.body);
    const names = destinations().map(({ name }) => name);
    if (!names.includes(selection.destination)) {
      const known = names.length > 0 ? `it has ${names.join(', ')}` : 'it has none';
      throw new ApiError(
        404,
        'TAILRACE_NOT_FOUND',
        `cannot replay to "${selection.destination}": the running server has no such destination, ${known}; restart it if the configuration has changed`,
      );
    }
    return replayShipments(engine, selection, { dryRun });
  },
};
