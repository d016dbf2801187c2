import { z } from 'zod';
import { ApiError } from '../api-error.ts';
import type { ApiRoute } from '../api-route.ts';
import { waitAtMost } from '../wait-at-most.ts';

const aliveAnswer = z.strictObject({ status: z.literal('alive') });
const readyAnswer = z.strictObject({
  status: z
    .enum(['ready', 'degraded'])
    .describe('degraded: the store answers, but its data is damaged; `GET /api/range` lists the damage'),
});

/** Longer than the reports of one page wait for each other. */
const readyWithinMs = 5000;

function aliveRoute(path: string, operationId: string): ApiRoute {
  return {
    method: 'GET',
    path,
    audience: 'everybody',
    operationId,
    summary: 'Whether the process is alive',
    answer: { description: 'It is alive', content: { 'application/json': aliveAnswer } },
    failures: [],
    handler: () => ({ status: 'alive' }),
  };
}

export const healthzRoute = aliveRoute('/healthz', 'isHealthy');
export const livezRoute = aliveRoute('/livez', 'isAlive');

export const readyzRoute: ApiRoute = {
  method: 'GET',
  path: '/readyz',
  audience: 'everybody',
  operationId: 'isReady',
  summary: 'Whether the engine answers',
  answer: { description: 'It answers', content: { 'application/json': readyAnswer } },
  failures: [503],
  async handler({ engine, damage }) {
    const isReady = await waitAtMost(engine.rows({ sql: 'SELECT 1' }), readyWithinMs);
    if (isReady) return { status: damage().length > 0 ? 'degraded' : 'ready' };
    throw new ApiError(
      503,
      'TAILRACE_NOT_READY',
      `cannot answer questions: the engine gave no answer within ${readyWithinMs / 1000} seconds`,
      {
        retryAfterSeconds: 5,
      },
    );
  },
};
