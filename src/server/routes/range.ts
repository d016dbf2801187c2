import { z } from 'zod';
import { readStoreRange } from '../../reports/store-range.ts';
import { reportError } from '../api-error.ts';
import type { ApiRoute } from '../api-route.ts';

const rangeAnswer = z.strictObject({
  now: z.string().describe('When this was read, UTC, by the server’s clock'),
  firstTime: z.string().nullable().describe('Earliest event, UTC; null while the store is empty'),
  lastTime: z.string().nullable().describe('Latest event that is not dated in the future, UTC: how fresh the data is'),
  lastStoredAt: z.string().nullable().describe('When the last batch was stored, UTC'),
  rows: z.int().describe('Lines stored in requests'),
  future: z.int().describe('Of these, lines dated in a minute that has not begun yet'),
  logRows: z.int().describe('Lines stored in logs'),
  firstLogTime: z.string().nullable().describe('Earliest of these, UTC; null while there is none'),
  lastLogTime: z.string().nullable().describe('Latest of these that is not dated in the future, UTC'),
  rejected: z.int().describe('Lines kept in rejects'),
  damage: z
    .array(z.string())
    .describe('Known damage: data that is missing from the store or cannot be read, in words; empty if there is none'),
  opensOn: z
    .strictObject({ from: z.string(), to: z.string() })
    .nullable()
    .describe('The range that the console opens on, UTC, where its data have one; null for the usual one'),
  distributions: z.array(z.string()).describe('The busiest first'),
  hosts: z.array(z.string()).describe('The busiest first'),
});

export const rangeRoute: ApiRoute = {
  method: 'GET',
  path: '/api/range',
  operationId: 'getRange',
  summary: 'Extent and integrity of the stored data',
  answer: { description: 'The state of the data', content: { 'application/json': rangeAnswer } },
  failures: [500, 503],
  async handler({ engine, damage, opensOn }, _request, reply) {
    const range = await readStoreRange(engine).catch((error: unknown) => {
      throw reportError(error);
    });
    reply.header('cache-control', 'no-store');
    return { ...range, damage: damage(), opensOn: opensOn ?? null };
  },
};
