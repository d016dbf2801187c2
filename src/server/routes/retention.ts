import { z } from 'zod';
import type { RetentionStatus } from '../../ledger/retention-status.ts';
import { retainedTables } from '../../store/retention.ts';
import type { ApiRoute } from '../api-route.ts';

const table = z.enum(retainedTables);
const ms = z.int().describe('Milliseconds since 1970, UTC');

const retentionAnswer = z.strictObject({
  deleted: z
    .array(z.strictObject({ table, rows: z.int(), bytes: z.int().describe('On disk') }))
    .describe('What retention has deleted since its records begin: the table deletions'),
  plan: z.strictObject({
    tables: z.array(z.strictObject({ table, rows: z.int(), bytes: z.int().describe('On disk') })),
    expiring: z
      .array(
        z.strictObject({
          table,
          partition: z.string().describe('Day of the events, YYYYMMDD; of rejects the month of their arrival, YYYYMM'),
          parts: z.int(),
          rows: z.int(),
          bytes: z.int(),
          oldestMs: ms,
          newestMs: ms,
          rule: z.enum(['age', 'size']),
          beforeMs: ms.describe('Rows before this time are deleted'),
          isWhole: z.boolean().describe('Whether these are all rows of the partition'),
          missingAt: z.array(z.string()).describe('Destinations that have not received all of it'),
          isHeld: z.boolean().describe('Whether it is kept for these, for 7 days'),
        }),
      )
      .describe('What is due, oldest first, also what is held'),
  }),
});

export type RetentionAnswer = z.output<typeof retentionAnswer>;

export const retentionRoute: ApiRoute = {
  method: 'GET',
  path: '/api/retention',
  operationId: 'getRetention',
  summary: 'What retention has deleted, and what it deletes next',
  description: 'As of the last look, which is made each minute; null before the first, and without a configuration.',
  answer: { description: 'Its state', content: { 'application/json': retentionAnswer.nullable() } },
  failures: [500],
  async handler({ retention }, _request, reply): Promise<RetentionStatus | null> {
    reply.header('cache-control', 'no-store').type('application/json');
    return JSON.parse(JSON.stringify(retention() ?? null));
  },
};
